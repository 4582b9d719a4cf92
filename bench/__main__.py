"""Runs every benchmark once and prints one table as it comes; each number is measured here and now."""

import os
import platform
import tempfile
from itertools import chain
from pathlib import Path

from bench.answers import answer_latency, beside_the_tutorial
from bench.evals import eval_speed
from bench.growth import growth
from bench.index import index_build
from bench.load import load
from bench.market import market_speed
from bench.pdfs import on_reports
from bench.processes import cold_start, server_memory
from bench.retrieval import retrieval_quality
from knowledge.settings import KnowledgeSettings


def main() -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        parts = chain(
            index_build(home),
            answer_latency(home),
            beside_the_tutorial(home, seconds=30),
            eval_speed(home),
            cold_start(home),
            server_memory(home),
            load(home, users=50, seconds=15, answers=500),
            market_speed(),
            retrieval_quality(home / "retrieval", KnowledgeSettings(), short=True),
            on_reports(),
            growth(),
        )
        for name, value in parts:
            print(f"{name:<58} {value}", flush=True)


if __name__ == "__main__":
    main()
