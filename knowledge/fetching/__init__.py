"""Fetches documents from the web without letting a URL be turned against the host it runs on."""
