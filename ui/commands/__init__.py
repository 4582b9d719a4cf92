"""One module for each word of the command line; each imports its heavy parts only when it runs."""
