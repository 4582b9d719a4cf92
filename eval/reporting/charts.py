"""The charts of the page, as Plotly figures: what passed by kind, why cases were missed, and what changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.comparing import Difference
from eval.reasons import MEANINGS
from eval.statistics import Estimate
from eval.summary import Row, Summary

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_BLUE, _GREY, _RED, _GREEN = "#2563eb", "#94a3b8", "#dc2626", "#16a34a"
_ROW_PIXELS = 28


def passed_by_kind(summary: Summary, earlier: Summary | None) -> "Figure":
    """Share passed for each kind with its interval; the earlier run behind it."""
    import plotly.graph_objects as go

    rows = sorted(summary.rows, key=lambda row: (row.passed.value if row.passed else 0.0, row.group), reverse=True)
    figure = go.Figure()
    if earlier is not None:
        before = {row.group: row for row in earlier.rows}
        found = [before[row.group] for row in rows if row.group in before]
        figure.add_trace(_bars("earlier", found, _GREY))
    figure.add_trace(_bars("this run" if earlier else "passed", rows, _BLUE))
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    return _laid_out(figure, "Passed, by kind of question", len(rows), legend=earlier is not None)


def reasons_chart(summary: Summary) -> "Figure":
    """How many cases each reason explains."""
    import plotly.graph_objects as go

    pairs = list(summary.reasons.items())[::-1]
    figure = go.Figure(
        go.Bar(
            x=[count for _, count in pairs],
            y=[reason.replace("_", " ") for reason, _ in pairs],
            orientation="h",
            marker_color=_RED,
            text=[count for _, count in pairs],
            textposition="outside",
            cliponaxis=False,
            hovertext=[MEANINGS[reason] for reason, _ in pairs],
            hoverinfo="text",
        )
    )
    return _laid_out(figure, "Why cases were missed (likeliest reason)", len(pairs))


def changes_chart(differences: Sequence[Difference]) -> "Figure":
    """The change of each metric with its interval; what lies left of zero became worse."""
    import plotly.graph_objects as go

    shown = list(differences)[::-1]
    figure = go.Figure(
        go.Scatter(
            x=[one.change.value for one in shown],
            y=[one.metric.replace("_", " ") for one in shown],
            mode="markers",
            marker={"size": 9, "color": [_colour(one.change) for one in shown]},
            error_x=_error([one.change for one in shown]),
        )
    )
    figure.add_vline(x=0, line_color=_GREY, line_dash="dot")
    figure.update_xaxes(tickformat="+.0%")
    return _laid_out(figure, "Change since the earlier run, with interval", len(shown))


def _bars(name: str, rows: Sequence[Row], colour: str) -> "object":
    import plotly.graph_objects as go

    passed = [row.passed for row in rows if row.passed is not None]
    shown = [row for row in rows if row.passed is not None]
    return go.Bar(
        name=name,
        x=[estimate.value for estimate in passed],
        y=[f"{row.group.replace('_', ' ')} ({row.cases})" for row in shown],
        orientation="h",
        marker_color=colour,
        error_x=_error(passed),
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
    )


def _error(estimates: Sequence[Estimate]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [estimate.high - estimate.value for estimate in estimates],
        "arrayminus": [estimate.value - estimate.low for estimate in estimates],
        "color": "#475569",
        "thickness": 1,
        "width": 3,
    }


def _colour(change: Estimate) -> str:
    if change.high < 0:
        return _RED
    return _GREEN if change.low > 0 else _GREY


def _laid_out(figure: "Figure", title: str, rows: int, *, legend: bool = False) -> "Figure":
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0.01},
        height=round(110 + _ROW_PIXELS * max(rows, 3) * (1.4 if legend else 1)),
        margin={"l": 10, "r": 40, "t": 46, "b": 34},
        template="plotly_white",
        font={"family": "system-ui, sans-serif", "size": 12},
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        barmode="group",
    )
    figure.update_yaxes(automargin=True)
    return figure
