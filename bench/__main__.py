"""Runs every benchmark once and prints one table; each number is measured here and now."""

import os
import platform
import tempfile
from pathlib import Path

from bench.answers import answer_latency
from bench.evals import eval_speed
from bench.index import index_build
from bench.market import market_speed
from bench.processes import cold_start, server_memory


def main() -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name, value in [
            *index_build(home),
            *answer_latency(home),
            *eval_speed(home),
            *cold_start(home),
            *server_memory(home),
            *market_speed(),
        ]:
            print(f"{name:<58} {value}")


if __name__ == "__main__":
    main()
