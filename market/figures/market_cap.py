"""What the whole crypto market was worth over a window."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import plotly.graph_objects as go

from market.durations import duration_text
from market.errors import NoData
from market.figures.look import LOOKS, Theme
from market.figures.picture import Picture, framed, missing, time_axis, told
from market.figures.thinning import kept
from market.figures.words import moment, usd
from market.market import Market
from market.series import aware

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
    times = [aware(row["known_at"]) for row in behind.rows]
    totals = [cast("float", row["usd"]) for row in behind.rows]
    shown = [at for at in kept(times, (totals,)) if at is not None]
    figure = go.Figure()
    figure.add_scatter(
        x=[times[at] for at in shown],
        y=[totals[at] for at in shown],
        name="Total market value",
        mode="lines" if len(shown) > 2 else "lines+markers",
        line={"color": LOOKS[theme].price, "width": 1.8},
        hovertemplate="%{y:$,.4s}",
    )
    figure.update_yaxes(tickprefix="$", title="USD, axis cut")
    time_axis(figure, window, behind.as_of)
    low, high = totals.index(min(totals)), totals.index(max(totals))
    summary = (
        f"The total market value went from {usd(totals[0])} on {moment(times[0])} to {usd(totals[-1])} on "
        f"{moment(times[-1])}, a change of {usd(totals[-1] - totals[0])} ({totals[-1] / totals[0] - 1:+.2%}). It was "
        f"highest, {usd(totals[high])}, on {moment(times[high])} and lowest, {usd(totals[low])}, on "
        f"{moment(times[low])}."
    )
    return framed(figure, title, told(behind), summary, theme, height=360)


def _samples(view: "View") -> "ir.Table":
    rows = view.window
    return rows.select("known_at", "usd").order_by(rows.known_at)
