"""What is happening: market data with its source and mode, and the numbers computed from it."""
