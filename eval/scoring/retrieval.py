"""Whether the passages that hold the answer were found, and how high they stand; measured by `ir-measures`."""

from collections.abc import Sequence
from itertools import zip_longest

from eval.attempt import Attempt
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.trace import Trace

_RECALL_AT = 5


@scorer("recall_at_5", k=_RECALL_AT)
def recall_at_5(attempt: Attempt) -> Score:
    """Share of the relevant passages among the first five; not applicable where the case names none.

    Cases list every passage that answers by itself, so less than 1.0 may still be a good answer; see `mrr` for how
    soon the first of them comes.
    """
    score = _measured(attempt, f"R@{_RECALL_AT}")
    if score.value is None:
        return score
    missing = set(attempt.case.relevant) - set(ranking(attempt.trace)[:_RECALL_AT])
    return Score(score.value, tuple(sorted(missing)))


@scorer("ndcg_at_10", k=10)
def ndcg_at_10(attempt: Attempt) -> Score:
    """nDCG of the first ten with binary relevance; places that retrieval left empty count as not relevant."""
    return _measured(attempt, "nDCG@10")


@scorer("mrr")
def mrr(attempt: Attempt) -> Score:
    """One over the rank of the first relevant passage, 0.0 if none was retrieved."""
    return _measured(attempt, "RR")


def ranking(trace: Trace) -> list[str]:
    """Passage ids as retrieved, best first; the parts of a question with several take turns."""
    by_part = [[found.id for found in part.passages] for part in trace.parts]
    return list(dict.fromkeys(one for turn in zip_longest(*by_part) for one in turn if one is not None))


def _measured(attempt: Attempt, measure: str) -> Score:
    if not attempt.case.relevant:
        return NOT_APPLICABLE
    ranked = ranking(attempt.trace)
    return Score(_value(measure, attempt.case.relevant, ranked) if ranked else 0.0)


def _value(measure: str, relevant: Sequence[str], ranked: Sequence[str]) -> float:
    import ir_measures

    judged = [ir_measures.Qrel("case", passage, 1) for passage in relevant]
    run = [ir_measures.ScoredDoc("case", passage, 1.0 / rank) for rank, passage in enumerate(ranked, start=1)]
    parsed = ir_measures.parse_measure(measure)
    return round(float(ir_measures.calc_aggregate([parsed], judged, run)[parsed]), 6)
