"""The tables of `market-pulse eval` for a terminal; what they show is worked out in `eval`."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from eval.claims import Verification
    from eval.comparing import Comparison
    from eval.gaps import Cluster
    from eval.labels import Agreements
    from eval.run import Run
    from eval.statistics import Estimate
    from eval.summary import Summary

_SHOWN = {
    "status": "status", "facts_found": "facts", "nothing_forbidden": "clean", "number_receipts": "receipts",
    "citation_precision": "cite prec", "citation_coverage": "cite cov", "recall_at_5": "R@5", "ndcg_at_10": "nDCG",
    "mrr": "MRR",
}  # fmt: skip
_LISTED = 40


def print_summary(summary: "Summary") -> None:
    """One row for each kind, the whole with its intervals, abstention, latency, and why cases were missed."""
    from rich.table import Table

    from eval.reasons import MEANINGS

    table = Table(title="Answer quality")
    for heading in ("kind", "cases", "passed", *_SHOWN.values(), "advice", "errors"):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    for row in (*summary.rows, summary.total):
        values = [_rate(row.scores.get(name)) for name in _SHOWN]
        table.add_row(
            row.group, str(row.cases), _rate(row.passed), *values, str(row.advice_given), str(row.errors),
            end_section=row is summary.rows[-1],
        )  # fmt: skip
    console = _console()
    console.print(table)
    total = summary.total
    if total.passed:
        console.print(f"passed {_with_interval(total.passed)} of {total.cases} cases")
    for name in ("facts_found", "ndcg_at_10"):
        estimate = total.scores.get(name)
        if estimate:
            console.print(f"{name} {_with_interval(estimate)} over {estimate.cases} cases")
    how = summary.abstention
    console.print(
        f"abstention precision {_number(how.precision)}, recall {_number(how.recall)}, F1 {_number(how.f1)}; "
        f"over-refusal {_number(how.over_refusal)}"
    )
    console.print(f"latency p50 {summary.latency_p50_ms} ms, p95 {summary.latency_p95_ms} ms")
    console.print(f"numbers without a receipt: {total.numbers_without_receipt}")
    if summary.writing is not None:
        wrote = summary.writing
        dropped = ", ".join(f"{reason} {count}" for reason, count in wrote.dropped.items())
        console.print(
            f"the language model was asked in {wrote.asked} cases and its words are the answer in {wrote.used}; "
            f"of {wrote.sentences} sentences {wrote.kept} verified, dropped: {dropped or 'none'}; "
            f"made-up codes {wrote.unknown_codes}"
        )
    for reason, count in summary.reasons.items():
        console.print(f"{count:>4} missed: {MEANINGS[reason]} ({reason})")


def print_comparison(found: "Comparison", later: "Run") -> None:
    """The change of every metric, the cases fixed and broken with why, and what the gate says."""
    from rich.table import Table

    from eval.comparing import interval

    table = Table(title=f"{found.pairs} cases in both runs")
    for heading in ("metric", "before", "after", "change with interval", "cases"):
        table.add_column(heading, justify="left" if heading == "metric" else "right")
    for one in found.differences:
        table.add_row(
            one.metric, f"{one.before:.3f}", f"{one.after:.3f}", interval(one.change), str(one.change.cases)
        )  # fmt: skip
    console = _console()
    console.print(table)
    if found.ground_changed:
        console.print(f"on another {', '.join(found.ground_changed)}")
    if found.unpaired:
        console.print(f"{len(found.unpaired)} cases are not in both runs unchanged and are left out")
    reasons = {result.case.id: result.reasons for result in later.results}
    _list(console, "fixed", found.fixed)
    _list(console, "broken", [f"{name} ({', '.join(reasons[name]) or 'no reason'})" for name in found.broken])
    console.print(f"passed or not: McNemar p = {found.p_value:.4f}")
    for breach in found.breaches:
        console.print(f"GATE: {breach.metric} {breach.fault.replace('_', ' ')}: {breach.told}")
    console.print("the gate lets it through" if found.passed else "the gate does not let it through")


def print_agreement(found: "Agreements") -> None:
    """Precision and recall of the statement check on both halves, and the pairs it got wrong."""
    console = _console()
    for name, half in (("set the threshold", found.setting), ("held out", found.held_out)):
        console.print(
            f"{name}: {half.pairs} pairs, threshold {half.threshold}, precision {_number(half.precision)}, "
            f"recall {_number(half.recall)}"
        )
        for pair in half.wrong:
            console.print(
                f"  {'missed' if pair.supported else 'wrongly found'} ({pair.trap}): "
                f"{pair.statement} <- {pair.sentence}"
            )


def print_verification(found: "Verification") -> None:
    """How verification tells supported claims from others on each half, beside ROUGE-1, and what it kept by trap."""
    console = _console()
    halves = (
        ("set the threshold", found.setting),
        ("held out", found.held_out),
        ("of articles, seen", found.articles_seen),
        ("of articles, held out", found.articles_held_out),
    )
    for name, half in halves:
        console.print(
            f"claims, {name}: {half.pairs} pairs, ROC AUC {_interval(half.auc)}, ROUGE-1 {_interval(half.rouge1_auc)}, "
            f"ahead by {_interval(half.ahead)}; at {half.threshold} precision {_number(half.precision)}, "
            f"recall {_number(half.recall)}"
        )
        console.print("  kept: " + ", ".join(f"{trap} {share:.2f}" for trap, share in half.kept.items()))


def _interval(estimate: "Estimate") -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def print_gaps(found: "Sequence[Cluster]", days: int, *, logged: bool) -> None:
    """The clusters with their counts, most frequent first."""
    console = _console()
    if not logged:
        console.print("the question log is off (MARKET_PULSE_RAG_QUESTION_LOG); nothing is known about questions asked")
        return
    if not found:
        console.print(f"no unanswered or badly rated question in the last {days} days")
    for cluster in found:
        reasons = ", ".join(f"{name} {count}" for name, count in cluster.reasons.items())
        console.print(f"{cluster.count:>4}  {cluster.question}  [{reasons}]", markup=False)
        for other in cluster.others[:3]:
            console.print(f"        {other}", markup=False)


def _list(console: "Console", title: str, names: Sequence[str]) -> None:
    console.print(f"{title}: {len(names)}")
    for name in names[:_LISTED]:
        console.print(f"  {name}", markup=False)
    if len(names) > _LISTED:
        console.print(f"  and {len(names) - _LISTED} more; --json lists all")


def _console() -> "Console":
    from rich.console import Console

    return Console(width=140 if not sys.stdout.isatty() else None, highlight=False)


def _rate(estimate: "Estimate | None") -> str:
    return "n/a" if estimate is None else f"{estimate.value:.3f}"


def _with_interval(estimate: "Estimate") -> str:
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"
