"""What `make bench` measures: speed and memory on this machine, never part of the tests."""
