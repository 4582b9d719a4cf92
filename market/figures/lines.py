"""A line through samples over time: what figures of one quantity share."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from market.behind import Behind
from market.figures.thinning import kept
from market.series import aware

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

FEW = 2
"""So few samples are drawn as points as well: a line of them would hardly be seen."""


def samples(behind: Behind, column: str, at: str = "known_at") -> tuple[list[datetime], list[float]]:
    """When each row was, and what its `column` says."""
    return [aware(row[at]) for row in behind.rows], [cast("float", row[column]) for row in behind.rows]


def in_order(view: "View", *columns: str) -> "ir.Table":
    """The window's rows with when each became known, by that."""
    rows = view.window
    return rows.select("known_at", *columns).order_by(rows.known_at)


def line_of_usd(
    figure: Any, times: Sequence[datetime], values: Sequence[float], name: str, colour: str, **place: int
) -> None:
    """Draws amounts in USD, thinned so that every peak and trough stays; `place` is a row and column of the figure."""
    shown = [at for at in kept(times, (values,)) if at is not None]
    figure.add_scatter(
        x=[times[at] for at in shown],
        y=[values[at] for at in shown],
        name=name,
        mode="lines" if len(shown) > FEW else "lines+markers",
        line={"color": colour, "width": 1.8},
        hovertemplate="%{y:$,.4s}",
        **place,
    )


def extremes(values: Sequence[float]) -> tuple[int, int]:
    """Where the lowest and the highest of `values` stand."""
    return values.index(min(values)), values.index(max(values))
