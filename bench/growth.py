"""How the index grows: size, memory, a sync with nothing to do, and query times, at a thousand passages and more.

    python -m bench.growth                      a thousand and ten thousand passages
    python -m bench.growth --largest 1000000    ten times as many each time, up to so many

Ten passages make a document. Vectors are synthetic, so that what is measured is the index and not the model: a query
costs what is shown plus the embedding of one question. Each size is measured in a process of its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.synthetic import PARTS, SyntheticEmbedder, questions, sentences_of, write_corpus
from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.settings import BUNDLED_CONTENT, KnowledgeSettings
from knowledge.sources import Shelf

_SMALLEST, _USUAL = 1_000, 10_000
_QUERIES = 200
_HEAD = (
    f"{'passages':>9}  {'files':>7}  {'build s':>8}  {'no-op s':>8}  {'open s':>6}  p50 ms  p95 ms  disk MB  peak MB"
)


def growth(largest: int = _USUAL) -> Iterator[tuple[str, str]]:
    """One row for each size."""
    yield "growth of the index", _HEAD
    passages = _SMALLEST
    while passages <= largest:
        command = [sys.executable, "-m", "bench.growth", "--only", str(passages)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
        yield "", done.stdout.strip("\n")
        passages *= 10


def measured(passages: int) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        empty = root / "none"
        empty.mkdir()
        subjects = sentences_of(Shelf(BUNDLED_CONTENT, root).documents())
        write_corpus(root / "notes", passages, subjects)
        settings = KnowledgeSettings(content=empty, watch=(root / "notes",))
        embedder = SyntheticEmbedder(Embedder.packaged().folder, [line for lines in subjects for line in lines])

        def opened() -> Library:
            library = Library(root / "home", settings)
            library.embedder = embedder
            return library

        start = time.perf_counter()
        opened().sync()
        built = time.perf_counter() - start
        again = opened()
        start = time.perf_counter()
        again.sync()
        unchanged = time.perf_counter() - start
        start = time.perf_counter()
        retriever = again.index.retriever()
        retriever.search("warm up", 10)
        ready = time.perf_counter() - start
        taken, stages = [], []
        for asked in questions(_QUERIES, subjects):
            start = time.perf_counter()
            found = retriever.search(asked, 10)
            taken.append((time.perf_counter() - start) * 1000)
            stages.append(found.timings_ms)
        disk = sum(path.stat().st_size for path in (root / "home").rglob("*") if path.is_file()) / 1e6
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        p50, p95 = np.percentile(taken, [50, 95])
        slowest = {
            name: round(float(np.percentile([each.get(name, 0.0) for each in stages], 95)), 1) for name in stages[0]
        }
        sys.stderr.write(f"p95 of each stage, ms: {json.dumps(slowest)}\n")
        seconds = f"{built:8.1f}  {unchanged:8.2f}  {ready:6.2f}"
        return f"{passages:9d}  {passages // PARTS:7d}  {seconds}  {p50:6.1f}  {p95:6.1f}  {disk:7.1f}  {memory:7.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=_USUAL, help="passages of the largest index")
    parser.add_argument("--only", type=int, help="measure this size alone")
    given = parser.parse_args()
    if given.only:
        print(measured(given.only))
        return
    for _, line in growth(given.largest):
        print(line, flush=True)


if __name__ == "__main__":
    main()
