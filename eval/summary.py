"""A run in a few numbers: per kind and in all, with the cases each number stands on."""

import math
from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from eval.runner import CaseResult, Run


class Row(BaseModel):
    """The scores of a group of cases; None where no case of the group has that score."""

    model_config = ConfigDict(frozen=True)

    group: str
    cases: int
    errors: int
    status_right: float | None
    facts_found: float | None
    unsupported_numbers: int
    citation_precision: float | None
    nothing_forbidden: float | None
    advice_given: int


class Summary(BaseModel):
    """Rows per kind and a last row over all, latency in milliseconds, and how abstaining went."""

    model_config = ConfigDict(frozen=True)

    rows: tuple[Row, ...]
    abstention_precision: float | None
    abstention_recall: float | None
    over_refusal_rate: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None


def summarise(run: Run, timings_ms: Sequence[float]) -> Summary:
    """The summary of a run. Means are over the cases a score applies to, never over an empty set."""
    kinds = sorted({result.case.kind for result in run.results})
    rows = [_row(kind, [result for result in run.results if result.case.kind == kind]) for kind in kinds]
    rows.append(_row("all", run.results))
    abstained = [result for result in run.results if result.status == "abstained"]
    due = [result for result in run.results if result.case.expect == "abstain"]
    answerable = [result for result in run.results if result.case.expect == "answer"]
    right = sum(result.case.expect == "abstain" for result in abstained)
    measured = [taken for taken in timings_ms if not math.isnan(taken)]
    return Summary(
        rows=tuple(rows),
        abstention_precision=right / len(abstained) if abstained else None,
        abstention_recall=right / len(due) if due else None,
        over_refusal_rate=_share([result.status in {"abstained", "refused"} for result in answerable]),
        latency_p50_ms=round(float(np.percentile(measured, 50)), 1) if measured else None,
        latency_p95_ms=round(float(np.percentile(measured, 95)), 1) if measured else None,
    )


def _row(group: str, results: Sequence[CaseResult]) -> Row:
    return Row(
        group=group,
        cases=len(results),
        errors=sum(result.error is not None for result in results),
        status_right=_mean(results, "status"),
        facts_found=_mean(results, "facts_found"),
        unsupported_numbers=int(sum(result.scores.get("unsupported_numbers") or 0 for result in results)),
        citation_precision=_mean(results, "citation_precision"),
        nothing_forbidden=_mean(results, "nothing_forbidden"),
        advice_given=sum(result.scores.get("no_advice") == 0.0 for result in results),
    )


def _mean(results: Sequence[CaseResult], name: str) -> float | None:
    values = [value for result in results if (value := result.scores.get(name)) is not None]
    return round(sum(values) / len(values), 4) if values else None


def _share(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None
