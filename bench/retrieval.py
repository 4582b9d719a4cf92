"""What each stage of retrieval adds on our own knowledge, by judged passages (for the rule see docs/retrieval.md).

python -m bench.retrieval           every set of stages, on the evaluation cases, on questions held out of tuning, and
                                    on held-out cases that were read only after the ranking was settled
python -m bench.retrieval --short   only the two ways of searching alone, both, and all stages

`best@5` is the share of the passages judged 2 ("answers") among the first five, `any@5` that of all judged 2 or 1
("answers in part"); neither is capped, so `any@5` cannot be 1 where more than five are judged so. `nDCG` takes the
grades as gains. `judged` is the share of the first ten that somebody has judged; what nobody has counts as wrong.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from eval.case import COMMITTED, load_cases
from knowledge.library import Library
from knowledge.settings import ALL_STAGES, KnowledgeSettings, Stage

HELD_OUT = Path(__file__).parent / "heldout.jsonl"
HELD_OUT_CASES = COMMITTED.parent / "heldout"
JUDGEMENTS = Path(__file__).parent / "judgements.txt"
"""TREC's format: question, 0, passage, grade; every passage that any of the systems had among its first ten."""
ANSWERS = 2
"""The grade of a passage that answers the whole question, or a whole part of it, as its own subject."""

_COLUMNS = "best@5  any@5   nDCG  judged"

_LEFT_OUT: tuple[Stage, ...] = ("phrasings", "typos", "aliases", "freshness", "kinship", "subjects", "diversity")
_SEARCHED: tuple[tuple[str, frozenset[Stage]], ...] = (
    ("dense alone", frozenset({"dense"})),
    ("BM25 alone", frozenset({"lexical"})),
    ("dense + BM25", frozenset({"dense", "lexical"})),
    ("all", ALL_STAGES),
    *((f"all but {stage}", ALL_STAGES - {stage}) for stage in _LEFT_OUT),
)


class Judged(NamedTuple):
    """A question and the grade of each passage that was judged for it: 2 answers, 1 answers in part, 0 does not."""

    question: str
    grades: Mapping[str, int]


class Quality(NamedTuple):
    best: float
    any: float
    ndcg: float
    judged: float


def case_questions(cases: Path = COMMITTED) -> list[Judged]:
    """The evaluation cases that name passages; those with history need the chain to be read, and are left out."""
    grades = judgements()
    named = [case for case in load_cases(cases) if case.relevant and not case.history]
    return [Judged(case.question, grades[case.id]) for case in named]


def held_out_questions() -> list[Judged]:
    grades = judgements()
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    return [Judged(row["question"], grades[row["id"]]) for row in rows]


def judgements(path: Path = JUDGEMENTS) -> dict[str, dict[str, int]]:
    """Grade by question id and passage id."""
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        question, _, passage, grade = line.split()
        found.setdefault(question, {})[passage] = int(grade)
    return found


def retrieval_quality(home: Path, settings: KnowledgeSettings, *, short: bool) -> Iterator[tuple[str, str]]:
    """One row for each set of stages."""
    sets = (case_questions(), held_out_questions(), case_questions(HELD_OUT_CASES))
    Library(home, settings).sync()
    yield (
        f"{', '.join(str(len(questions)) for questions in sets)} questions",
        f"{'   '.join(_COLUMNS for _ in sets)}  p50 ms  p95 ms",
    )
    for name, stages in _SEARCHED[:4] if short else _SEARCHED:
        retriever = Library(home, settings.model_copy(update={"stages": stages})).index.retriever()
        retriever.search("warm up", 10)
        scores, taken = [], []
        for questions in sets:
            measured = []
            for asked in questions:
                found = retriever.search(asked.question, 10)
                measured.append(quality([hit.passage.id.partition("-part-")[0] for hit in found.hits], asked.grades))
                taken.append(sum(found.timings_ms.values()))
            scores.append("  ".join(f"{value:5.3f}" for value in np.mean(measured, axis=0)))
        p50, p95 = np.percentile(taken, [50, 95])
        yield name, f"{'     '.join(scores)}  {p50:6.1f}  {p95:6.1f}"


def quality(found: Sequence[str], grades: Mapping[str, int]) -> Quality:
    """How well `found`, best first, serves a question whose passages have these grades."""
    ranked = list(dict.fromkeys(found))
    return Quality(
        best=_recall(ranked[:5], [passage for passage, grade in grades.items() if grade == ANSWERS]),
        any=_recall(ranked[:5], [passage for passage, grade in grades.items() if grade > 0]),
        ndcg=ndcg(ranked, grades),
        judged=sum(passage in grades for passage in ranked[:10]) / max(1, len(ranked[:10])),
    )


def _recall(found: Sequence[str], wanted: Sequence[str]) -> float:
    return len(set(found) & set(wanted)) / len(wanted)


def ndcg(found: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """The grades of `found`, each where it first stands and worth less by rank, over those in the best order."""
    first = list(dict.fromkeys(found))
    best = sorted(grades.values(), reverse=True)
    return _discounted([grades.get(id_, 0) for id_ in first[:k]]) / _discounted(best[:k])


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, row in retrieval_quality(Path(folder), KnowledgeSettings(), short=given.short):
            print(f"{name:<24} {row}", flush=True)


if __name__ == "__main__":
    main()
