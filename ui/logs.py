"""Where a long-running command writes what its operator should know: warnings and worse, on standard error."""

import logging


def log_warnings() -> None:
    """Sets the root's handler before a library does; some speak of everything they do, and in colours."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", handlers=[handler])
