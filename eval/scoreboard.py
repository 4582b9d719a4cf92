"""The scores of a run as Markdown for the README: bad parts included, with the command that made it."""

from eval.ground import Ground
from eval.statistics import Estimate
from eval.summary import Summary

_COLUMNS = {
    "status": "right status",
    "facts_found": "facts found",
    "nothing_forbidden": "nothing forbidden",
    "citation_precision": "citation precision",
    "ndcg_at_10": "nDCG@10",
}


def scoreboard(summary: Summary, ground: Ground) -> str:
    """A table by kind with the whole run below, then what no table shows."""
    lines = [
        f"| kind | cases | passed | {' | '.join(_COLUMNS.values())} |",
        f"|---|---:|---:|{'---:|' * len(_COLUMNS)}",
    ]
    for row in (*summary.rows, summary.total):
        values = " | ".join(_rate(row.scores.get(name)) for name in _COLUMNS)
        lines.append(f"| {row.group.replace('_', ' ')} | {row.cases} | {_rate(row.passed)} | {values} |")
    how, total = summary.abstention, summary.total
    passed = f", 95% interval {total.passed.low:.3f} to {total.passed.high:.3f}" if total.passed else ""
    reasons = ", ".join(f"{reason.replace('_', ' ')} {count}" for reason, count in summary.reasons.items())
    lines += [
        "",
        f"Passed {_rate(total.passed)}{passed}. Numbers without a receipt: {total.numbers_without_receipt}. "
        f"Advice given: {total.advice_given}. Errors: {total.errors}.",
        f"Abstention precision {_number(how.precision)}, recall {_number(how.recall)}, F1 {_number(how.f1)}; "
        f"over-refusal {_number(how.over_refusal)} of answerable questions.",
        f"Why cases were missed: {reasons or 'none was'}.",
        f"Made by `market-pulse eval run --out runs/today` and `market-pulse eval scoreboard runs/today`; answers by "
        f"{ground.model}, market data: {ground.data_source or ground.data_mode}.",
    ]
    return "\n".join(lines) + "\n"


def _rate(estimate: Estimate | None) -> str:
    return "n/a" if estimate is None else f"{estimate.value:.3f}"


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"
