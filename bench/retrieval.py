"""What each stage of retrieval adds on our own knowledge: recall@5 and nDCG@10 over the cases that name passages.

python -m bench.retrieval
"""

import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from eval.case import COMMITTED, load_cases
from knowledge.library import Library
from knowledge.settings import ALL_STAGES, KnowledgeSettings, Stage

_SEARCHED: tuple[tuple[str, frozenset[Stage]], ...] = (
    ("dense alone", frozenset({"dense"})),
    ("BM25 alone", frozenset({"lexical"})),
    ("dense + BM25", frozenset({"dense", "lexical"})),
    *(
        (f"all but {stage}", ALL_STAGES - {stage})
        for stage in ("typos", "aliases", "narrowing", "freshness", "diversity")
    ),
    ("all", ALL_STAGES),
)


def retrieval_quality(home: Path, settings: KnowledgeSettings) -> Iterator[tuple[str, str]]:
    """One row for each set of stages; questions with history are left out, as they need the chain to be read."""
    cases = [case for case in load_cases(COMMITTED) if case.relevant and not case.history]
    Library(home, settings).sync()
    yield f"{len(cases)} questions", "recall@5  nDCG@10  p50 ms  p95 ms"
    for name, stages in _SEARCHED:
        retriever = Library(home, settings.model_copy(update={"stages": stages})).index.retriever()
        retriever.search("warm up", 10)
        recalls, gains, taken = [], [], []
        for case in cases:
            found = retriever.search(case.question, 10)
            ids = [hit.passage.id.partition("-part-")[0] for hit in found.hits]
            recalls.append(len(set(ids[:5]) & set(case.relevant)) / min(5, len(set(case.relevant))))
            gains.append(ndcg(ids, case.relevant))
            taken.append(sum(found.timings_ms.values()))
        p50, p95 = np.percentile(taken, [50, 95])
        yield name, f"{np.mean(recalls):8.3f}  {np.mean(gains):7.3f}  {p50:6.1f}  {p95:6.1f}"


def ndcg(found: Sequence[str], relevant: Sequence[str], k: int = 10) -> float:
    """Gain 1 for each relevant id, counted where it first stands, over that of the best order."""
    first = list(dict.fromkeys(found))
    gain = sum(1 / math.log2(rank + 2) for rank, id_ in enumerate(first[:k]) if id_ in relevant)
    best = sum(1 / math.log2(rank + 2) for rank in range(min(k, len(set(relevant)))))
    return gain / best


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, row in retrieval_quality(Path(folder), KnowledgeSettings()):
            print(f"{name:<24} {row}", flush=True)


if __name__ == "__main__":
    main()
