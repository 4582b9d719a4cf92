"""What the whole crypto market was worth over a window."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from market.durations import duration_text
from market.errors import NoData
from market.figures.lines import extremes, in_order, line_of_usd, samples
from market.figures.look import LOOKS, Theme
from market.figures.picture import Picture, framed, missing, time_axis, told
from market.figures.words import moment, usd
from market.market import Market

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View


def market_value(
    market: Market, window: timedelta, as_of: datetime | None = None, *, theme: Theme = "light"
) -> Picture:
    """The samples that `market_cap_largest_hourly_drop` stands on. The axis does not begin at zero, and says so."""
    title = f"Total crypto market value over {duration_text(window)}"
    try:
        behind = market.behind("market_cap_largest_hourly_drop", _samples, None, window, as_of)
    except NoData as error:
        return missing(title, as_of or market.now(), str(error), theme)
    times, totals = samples(behind, "usd")
    figure = go.Figure()
    line_of_usd(figure, times, totals, "Total market value", LOOKS[theme].price)
    figure.update_yaxes(tickprefix="$", title="USD, axis cut")
    time_axis(figure, window, behind.as_of)
    low, high = extremes(totals)
    summary = (
        f"The total market value went from {usd(totals[0])} on {moment(times[0])} to {usd(totals[-1])} on "
        f"{moment(times[-1])}, a change of {usd(totals[-1] - totals[0])} ({totals[-1] / totals[0] - 1:+.2%}). It was "
        f"highest, {usd(totals[high])}, on {moment(times[high])} and lowest, {usd(totals[low])}, on "
        f"{moment(times[low])}."
    )
    return framed(figure, title, told(behind), summary, theme, height=360)


def _samples(view: "View") -> "ir.Table":
    return in_order(view, "usd")
