"""Runs every benchmark once and prints one table; each number is measured here and now."""

import os
import platform
import tempfile
from pathlib import Path

from bench.answers import answer_latency, beside_the_tutorial
from bench.evals import eval_speed
from bench.index import index_build
from bench.load import load
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
            *beside_the_tutorial(home, seconds=30),
            *eval_speed(home),
            *cold_start(home),
            *server_memory(home),
            *load(home, users=50, seconds=15, answers=500),
            *market_speed(),
        ]:
            print(f"{name:<58} {value}")


if __name__ == "__main__":
    main()
