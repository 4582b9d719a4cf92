"""Loaded by Python at start in the servers that tests run: refuses outside sockets and writes each attempt down."""

import os
from pathlib import Path

from tests.guard.outside import block_outside_sockets

_log = os.environ.get("MARKET_PULSE_TEST_OUTSIDE_LOG")


def _write(attempt: str) -> None:
    if _log:
        with Path(_log).open("a", encoding="utf-8") as file:
            file.write(attempt + "\n")


block_outside_sockets(_write)
