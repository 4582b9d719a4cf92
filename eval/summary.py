"""A run in a few numbers: every score with its interval, per kind and in all, and how abstaining went."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from eval.reasons import Reason
from eval.run import CaseResult, Run, Timings, of_kinds
from eval.statistics import Estimate, mean_with_interval, percentile
from eval.writing import Writing, writing_of


class Row(BaseModel):
    """The scores of a group of cases; None where the score applies to no case of the group."""

    model_config = ConfigDict(frozen=True)

    group: str
    cases: int
    errors: int
    passed: Estimate | None
    scores: Mapping[str, Estimate | None]
    numbers_without_receipt: int
    advice_given: int


class Abstention(BaseModel):
    """How abstaining went. Precision: of what was abstained from, what should have been; None if nothing was.

    `over_refusal` is the share of answerable cases that were abstained from, refused or only taught.
    """

    model_config = ConfigDict(frozen=True)

    precision: float | None
    recall: float | None
    f1: float | None
    over_refusal: float | None


class Summary(BaseModel):
    """Rows per kind and one over all (`total`); reasons of the cases that did not pass, most frequent first.

    `writing` is None where no language model was asked.
    """

    model_config = ConfigDict(frozen=True)

    rows: tuple[Row, ...]
    total: Row
    abstention: Abstention
    reasons: Mapping[Reason, int]
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    writing: Writing | None = None


def summarise(run: Run, timings: Timings) -> Summary:
    """The summary of a run. Means are over the cases a score applies to, never over an empty set."""
    measured = [taken for taken in timings.values() if taken is not None]
    counted = Counter(result.reasons[0] for result in run.results if not result.passed and result.reasons)
    by_kind = {kind: [result for result in run.results if result.case.kind == kind] for kind in of_kinds(run.results)}
    return Summary(
        rows=tuple(_row(kind, results) for kind, results in by_kind.items()),
        total=_row("all", run.results),
        abstention=abstention(run.results),
        reasons=dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))),
        latency_p50_ms=percentile(measured, 0.5),
        latency_p95_ms=percentile(measured, 0.95),
        writing=writing_of(run.results),
    )


def abstention(results: Sequence[CaseResult]) -> Abstention:
    """Precision, recall and F1 of abstaining, and the over-refusal rate."""
    abstained = [result for result in results if result.status == "abstained"]
    due = [result for result in results if result.case.expect == "abstain"]
    answerable = [result for result in results if result.case.expect == "answer" and result.error is None]
    right = sum(result.case.expect == "abstain" for result in abstained)
    precision = _share(right, len(abstained))
    recall = _share(right, len(due))
    return Abstention(
        precision=precision,
        recall=recall,
        f1=round(2 * precision * recall / (precision + recall), 4) if precision and recall else None,
        over_refusal=_share(sum(result.status != "answered" for result in answerable), len(answerable)),
    )


def values_of(results: Sequence[CaseResult], score: str) -> dict[str, float]:
    """The values of a score by case id, where it applies; `passed` counts as a score, errors as not passed."""
    if score == "passed":
        return {result.case.id: float(result.passed) for result in results}
    return {result.case.id: value for result in results if (value := result.scores.get(score)) is not None}


def _row(group: str, results: Sequence[CaseResult]) -> Row:
    names = sorted({name for result in results for name in result.scores})
    return Row(
        group=group,
        cases=len(results),
        errors=sum(result.error is not None for result in results),
        passed=mean_with_interval(list(values_of(results, "passed").values())),
        scores={name: mean_with_interval(list(values_of(results, name).values())) for name in names},
        numbers_without_receipt=sum(len(result.misses.get("number_receipts", ())) for result in results),
        advice_given=sum(result.scores.get("no_advice") == 0.0 for result in results),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
