"""What each stage of retrieval adds on our own knowledge: recall@5 and nDCG@10 over questions that name their passages.

python -m bench.retrieval           every set of stages, on the evaluation cases and on questions held out of tuning
python -m bench.retrieval --short   only the two ways of searching alone, both, and all stages
"""

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from eval.case import COMMITTED, load_cases
from knowledge.library import Library
from knowledge.settings import ALL_STAGES, KnowledgeSettings, Stage

HELD_OUT = Path(__file__).parent / "heldout.jsonl"

_LEFT_OUT: tuple[Stage, ...] = ("typos", "aliases", "freshness", "kinship", "diversity")
_SEARCHED: tuple[tuple[str, frozenset[Stage]], ...] = (
    ("dense alone", frozenset({"dense"})),
    ("BM25 alone", frozenset({"lexical"})),
    ("dense + BM25", frozenset({"dense", "lexical"})),
    ("all", ALL_STAGES),
    *((f"all but {stage}", ALL_STAGES - {stage}) for stage in _LEFT_OUT),
)


class Labelled(NamedTuple):
    question: str
    relevant: Sequence[str]


def case_questions() -> list[Labelled]:
    """The evaluation cases that name passages; those with history need the chain to be read, and are left out."""
    cases = load_cases(COMMITTED)
    return [Labelled(case.question, case.relevant) for case in cases if case.relevant and not case.history]


def held_out_questions() -> list[Labelled]:
    return [Labelled(**json.loads(line)) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]


def retrieval_quality(home: Path, settings: KnowledgeSettings, *, short: bool) -> Iterator[tuple[str, str]]:
    """One row for each set of stages."""
    sets = (case_questions(), held_out_questions())
    Library(home, settings).sync()
    columns = "  ".join("recall@5  nDCG@10" for _ in sets)
    yield f"{len(sets[0])} cases, {len(sets[1])} held out", f"{columns}  p50 ms  p95 ms"
    for name, stages in _SEARCHED[:4] if short else _SEARCHED:
        retriever = Library(home, settings.model_copy(update={"stages": stages})).index.retriever()
        retriever.search("warm up", 10)
        scores, taken = [], []
        for questions in sets:
            recalls, gains = [], []
            for asked in questions:
                found = retriever.search(asked.question, 10)
                ids = [hit.passage.id.partition("-part-")[0] for hit in found.hits]
                recalls.append(len(set(ids[:5]) & set(asked.relevant)) / min(5, len(set(asked.relevant))))
                gains.append(ndcg(ids, asked.relevant))
                taken.append(sum(found.timings_ms.values()))
            scores.append(f"{np.mean(recalls):8.3f}  {np.mean(gains):7.3f}")
        p50, p95 = np.percentile(taken, [50, 95])
        yield name, f"{'  '.join(scores)}  {p50:6.1f}  {p95:6.1f}"


def ndcg(found: Sequence[str], relevant: Sequence[str], k: int = 10) -> float:
    """Gain 1 for each relevant id, counted where it first stands, over that of the best order."""
    first = list(dict.fromkeys(found))
    gain = sum(1 / math.log2(rank + 2) for rank, id_ in enumerate(first[:k]) if id_ in relevant)
    best = sum(1 / math.log2(rank + 2) for rank in range(min(k, len(set(relevant)))))
    return gain / best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, row in retrieval_quality(Path(folder), KnowledgeSettings(), short=given.short):
            print(f"{name:<24} {row}", flush=True)


if __name__ == "__main__":
    main()
