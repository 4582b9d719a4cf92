"""One loader for each kind of file; each turns a path into Documents or says which line and field is wrong."""
