"""Writes the page about a run: summary, charts, a table by kind, and every case with filters, worst first."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from eval.comparing import Comparison, compare
from eval.gate import load_gate
from eval.ground import Ground
from eval.reporting.cases import case_block, worst_first
from eval.reporting.charts import changes_chart, passed_by_kind, reasons_chart
from eval.run import Run, Timings, of_kinds
from eval.statistics import Estimate
from eval.summary import Summary, summarise

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_HERE = Path(__file__).parent
_COLUMNS = (
    "status", "facts_found", "nothing_forbidden", "number_receipts", "citation_precision", "citation_coverage",
    "recall_at_5", "ndcg_at_10", "mrr",
)  # fmt: skip


def write_page(run: Run, timings: Timings, earlier: Run | None, path: Path) -> Path:
    """Writes the page to `path`; with `earlier`, both runs stand side by side. Returns `path`."""
    from plotly.offline import get_plotlyjs

    summary = summarise(run, timings)
    before = summarise(earlier, {}) if earlier else None
    compared = compare(earlier, run, load_gate(), across_grounds=True) if earlier else None
    changed = [changes_chart(compared.differences)] if compared else []
    charts = [passed_by_kind(summary, before), *changed, reasons_chart(summary)]
    answered = {result.case.id: result for result in earlier.results} if earlier else {}
    blocks = [
        case_block(result, answered.get(result.case.id), timings, beside=earlier is not None)
        for result in worst_first(run.results)
    ]
    page = Template((_HERE / "page.html").read_text("utf-8")).substitute(
        style=(_HERE / "page.css").read_text("utf-8"),
        script=(_HERE / "page.js").read_text("utf-8"),
        plotly=get_plotlyjs(),
        ground=_ground(run.ground),
        cards=_cards(summary, before),
        changes=_changes(compared),
        charts="".join(_chart(figure, number) for number, figure in enumerate(charts)),
        table=_table(summary),
        kinds=_choices(of_kinds(run.results)),
        reasons=_choices(sorted({reason for result in run.results for reason in result.reasons})),
        changed='<select id="change"><option value="">changed or not</option><option>fixed</option>'
        "<option>broken</option><option>new</option><option>same</option></select>" if earlier else "",
        cases="\n".join(blocks),
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def _ground(ground: Ground) -> str:
    return (
        f"Knowledge {ground.corpus}, embedder {escape(ground.embedder)}, market data {ground.market_data} "
        f"({ground.data_mode}{f', {escape(ground.data_source)}' if ground.data_source else ''}, as of "
        f"{ground.as_of:%d %B %Y %H:%M} UTC), answers by {escape(ground.model)}, code {escape(ground.code)}, "
        f"cases {ground.cases}"
    )


def _cards(summary: Summary, before: Summary | None) -> str:
    total, earlier = summary.total, before.total if before else None
    how = summary.abstention
    cards = [_card("passed", total.passed, earlier.passed if earlier else None)]
    cards += [
        _card(name, total.scores.get(name), earlier.scores.get(name) if earlier else None)
        for name in ("status", "facts_found", "nothing_forbidden", "citation_precision", "ndcg_at_10")
    ]
    cards += [
        _plain_card("numbers without a receipt", str(total.numbers_without_receipt)),
        _plain_card("advice given", str(total.advice_given)),
        _plain_card("abstention F1", _number(how.f1), f"P {_number(how.precision)}, R {_number(how.recall)}"),
        _plain_card("over-refusal", _number(how.over_refusal), "of answerable questions"),
        _plain_card("latency p50", _time(summary.latency_p50_ms), f"p95 {_time(summary.latency_p95_ms)}"),
        _plain_card("errors", str(total.errors), f"of {total.cases} cases"),
    ]  # fmt: skip
    return "".join(cards)


def _card(name: str, estimate: Estimate | None, earlier: Estimate | None) -> str:
    if estimate is None:
        return _plain_card(name.replace("_", " "), "n/a")
    was = f"; was {earlier.value:.3f}" if earlier else ""
    small = f"{estimate.low:.3f} to {estimate.high:.3f}, {estimate.cases} cases{was}"
    return _plain_card(name.replace("_", " "), f"{estimate.value:.3f}", small)


def _plain_card(name: str, value: str, small: str = "") -> str:
    return f'<div class="card"><span>{name}</span><b>{value}</b><small>{small}</small></div>'


def _changes(compared: Comparison | None) -> str:
    if compared is None:
        return ""
    gate = "".join(f"<li class='bad'>{escape(f'{one.metric}: {one.told}')}</li>" for one in compared.breaches)
    return (
        f"<p>{len(compared.fixed)} cases fixed, {len(compared.broken)} broken of {compared.pairs} in both runs "
        f"(McNemar p = {compared.p_value:.4f}); the gate "
        f"{'lets it through' if compared.passed else 'does not let it through'}.</p><ul>{gate}</ul>"
    )


def _table(summary: Summary) -> str:
    head = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in ("kind", "cases", "passed", *_COLUMNS))
    rows = "".join(
        f"<tr{' class=total' if row is summary.total else ''}><td>{row.group.replace('_', ' ')}</td>"
        f"<td>{row.cases}</td>{_cell(row.passed)}{''.join(_cell(row.scores.get(name)) for name in _COLUMNS)}</tr>"
        for row in (*summary.rows, summary.total)
    )
    return f"<table class='kinds'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return "<td class='none'>n/a</td>"
    shade = f"background: hsl({estimate.value * 120:.0f} 70% 92%)"
    return f"<td style='{shade}' title='{estimate.low:.3f} to {estimate.high:.3f}'>{estimate.value:.3f}</td>"


def _choices(names: Sequence[str]) -> str:
    return "".join(f'<option value="{name}">{name.replace("_", " ")}</option>' for name in names)


def _chart(figure: "Figure", number: int) -> str:
    # An id of its own choosing would be random and make two pages of one run differ.
    drawn: str = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        default_width="100%",
        div_id=f"chart-{number}",
        config={"displayModeBar": False, "responsive": True},
    )
    return f'<div class="chart">{drawn}</div>'


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _time(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.0f} ms"
