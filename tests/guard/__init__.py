"""What keeps tests, and the servers they start, on this machine."""
