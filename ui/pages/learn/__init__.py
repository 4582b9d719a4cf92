"""Learn: everything the answers cite, to be read and searched, under addresses that stay."""
