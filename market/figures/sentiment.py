"""The Fear & Greed index over a window, before bands that name its classes."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from market.durations import duration_text
from market.errors import NoData
from market.figures.lines import extremes, in_order, samples
from market.figures.look import LOOKS, Theme
from market.figures.picture import Picture, framed, missing, time_axis, told
from market.figures.words import moment
from market.market import Market
from market.metrics.mood import BANDS, class_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View


def fear_and_greed(
    market: Market, window: timedelta, as_of: datetime | None = None, *, theme: Theme = "light"
) -> Picture:
    """One point for each day, dated as published; from the values that `fear_greed` stands on."""
    title = f"Fear & Greed index over {duration_text(window)}"
    at = as_of or market.now()
    try:
        behind = market.behind("fear_greed", _days, None, window, at)
        if not behind.rows:
            raise NoData(f"no value was published in the {duration_text(window)} before the as-of time")
    except NoData as error:
        return missing(title, at, str(error), theme)
    look = LOOKS[theme]
    days, values = samples(behind, "value", at="ts_utc")
    figure = go.Figure()
    for (_, low, high), colour in zip(BANDS, look.bands, strict=True):
        figure.add_hrect(y0=low, y1=high, fillcolor=colour, line_width=0, layer="below")
    figure.add_scatter(
        x=days,
        y=values,
        name="Index",
        mode="lines+markers" if len(days) <= 60 else "lines",
        line={"color": look.text, "width": 1.8},
        marker={"size": 6},
        hovertemplate="%{y:.0f}",
    )
    figure.update_yaxes(
        range=[0, 100],
        showgrid=False,
        tickvals=[(low + high) / 2 for _, low, high in BANDS],
        ticktext=[f"{name} {low}–{high - 1}" for name, low, high in BANDS],
    )
    time_axis(figure, window, behind.as_of)
    low, high = extremes(values)
    summary = (
        f"The Fear & Greed index stood at {values[-1]:g} ({class_of(values[-1])}) on {moment(days[-1])}, after "
        f"{values[0]:g} ({class_of(values[0])}) on {moment(days[0])}. Its lowest in the window was {values[low]:g} "
        f"on {moment(days[low])}, its highest {values[high]:g} on {moment(days[high])}."
    )
    return framed(figure, title, told(behind), summary, theme, height=360)


def _days(view: "View") -> "ir.Table":
    return in_order(view, "ts_utc", "value")
