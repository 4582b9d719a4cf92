"""How the index grows: size, memory, a sync with nothing to do, and query p95, at a thousand passages and more.

    python -m bench.growth 1000 10000

Vectors are synthetic (a random direction for each text), so that what is measured is the index and not the model;
a query therefore costs what is shown plus the embedding of one question.
"""

import resource
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from knowledge.embedding import Embedder, Vectors
from knowledge.index import Index
from knowledge.settings import KnowledgeSettings
from knowledge.sources import Shelf

_WORDS = [
    *("margin", "leverage", "liquidation", "funding", "mark", "price", "index", "venue", "order", "book", "cascade"),
    *("collateral", "haircut", "drawdown", "spread", "hedge", "oracle", "vault", "basis", "expiry", "option", "future"),
    *("perpetual", "stablecoin", "depeg", "reserve", "fund", "insurance", "tier", "fee", "maker", "taker"),
]
_QUERIES = 200


class SyntheticEmbedder(Embedder):
    """A unit vector of the same size as MiniLM's for each text, always the same for the same text."""

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        seeds = [zlib.crc32(text.encode()) for text in texts]
        vectors = np.stack([np.random.default_rng(seed).standard_normal(384, dtype=np.float32) for seed in seeds])
        if progress:
            progress(len(texts))
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def write_corpus(folder: Path, passages: int) -> None:
    """One file for each passage: a heading and a paragraph of sixty words with a number of its own."""
    chosen = np.random.default_rng(20251104)
    for number in range(passages):
        words = " ".join(chosen.choice(_WORDS, 60))
        path = folder / f"{number // 1000}" / f"note-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Note {number}\n\nCase {number}: {words}.\n", encoding="utf-8")


def growth(passages: int) -> Iterator[str]:
    packaged = Embedder.packaged()
    embedder = SyntheticEmbedder(packaged.folder, "synthetic")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_corpus(root / "notes", passages)
        shelf = root / "none"
        start = time.perf_counter()
        index = Index(root / "index", embedder, KnowledgeSettings())
        index.sync(Shelf(shelf, root, watched=[root / "notes"]).documents())
        built = time.perf_counter() - start
        start = time.perf_counter()
        again = Index(root / "index", embedder, KnowledgeSettings())
        again.sync(Shelf(shelf, root, watched=[root / "notes"]).documents())
        unchanged = time.perf_counter() - start
        start = time.perf_counter()
        retriever = again.retriever()
        retriever.search("warm up", 10)
        opened = time.perf_counter() - start
        taken = []
        for number in range(_QUERIES):
            asked = f"{_WORDS[number % 30]} {_WORDS[(number * 7) % 30]} in case {number * 31 % passages}"
            start = time.perf_counter()
            retriever.search(asked, 10)
            taken.append((time.perf_counter() - start) * 1000)
        disk = sum(path.stat().st_size for path in (root / "index").rglob("*") if path.is_file())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        p50, p95 = np.percentile(taken, [50, 95])
        yield (
            f"{passages:9d}  {built:8.1f}  {unchanged:8.2f}  {opened:6.2f}  {p50:6.1f}  {p95:6.1f}  "
            f"{disk / 1e6:8.1f}  {memory:8.0f}"
        )


def main() -> None:
    print(
        f"{'passages':>9}  {'build s':>8}  {'no-op s':>8}  {'open s':>6}  p50 ms  p95 ms  {'disk MB':>8}  "
        f"{'peak MB':>8}"
    )
    for count in map(int, sys.argv[1:] or ["1000", "10000"]):
        for line in growth(count):
            print(line, flush=True)


if __name__ == "__main__":
    main()
