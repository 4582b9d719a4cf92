"""Reads the shelf as a strict editor would: each rule is one file and gives findings with file, line and remedy."""
