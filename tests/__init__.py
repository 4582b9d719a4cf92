"""The tests mirror the rooms and read as sentences about behaviour."""
