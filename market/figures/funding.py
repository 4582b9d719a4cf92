"""Funding rates and open interest of an asset's perpetual over a window; either may be missing and then says so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from plotly.subplots import make_subplots

from market.behind import Behind
from market.durations import duration_text
from market.errors import NoData
from market.figures.lines import in_order, line_of_usd, samples
from market.figures.look import LOOKS, Look, Theme
from market.figures.picture import Picture, framed, say_missing, time_axis
from market.figures.words import moment, origin, rate, usd
from market.market import Market

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View


def funding_and_open_interest(
    market: Market, asset: str, window: timedelta, as_of: datetime | None = None, *, theme: Theme = "light"
) -> Picture:
    """From the rows that `funding_average` and `open_interest` stand on: the rate of each settlement above, the
    value of open contracts below.
    """
    look, at = LOOKS[theme], as_of or market.now()
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    shown, summaries = [f"as of {moment(at)}"], []
    parts: tuple[tuple[str, str, Callable[[View], ir.Table], _Draw], ...] = (
        ("Funding", "funding_average", _rates, _draw_funding),
        ("Open interest", "open_interest", _open, _draw_open_interest),
    )
    for row, (name, metric, rows, draw) in enumerate(parts, 1):
        try:
            behind = market.behind(metric, rows, asset, window, at)
            if not behind.rows:
                raise NoData(f"no value lies in the {duration_text(window)} before the as-of time")
        except NoData as error:
            say_missing(figure, f"{name}: no data in this window", look, "" if row == 1 else str(row))
            summaries.append(f"{name}: no data; {error}.")
            shown.append(f"{name}: no data")
        else:
            summaries.append(draw(figure, behind, look))
            shown.append(f"{name}: {origin(behind.mode, behind.source)}")
    time_axis(figure, window, at)
    figure.update_yaxes(title="Funding rate", tickformat=".3%", row=1, col=1)
    figure.update_yaxes(title="Open interest", tickprefix="$", row=2, col=1)
    title = f"{asset.upper()} funding and open interest over {duration_text(window)}"
    return framed(figure, title, shown, " ".join(summaries), theme, height=480)


_Draw = Callable[[Any, Behind, Look], str]
"""Draws what stands behind it and gives it in words."""


def _draw_funding(figure: Any, behind: Behind, look: Look) -> str:
    times, rates = samples(behind, "funding_rate")
    signs = (("Longs pay shorts", 1, look.long, ""), ("Shorts pay longs", -1, look.short, "/"))
    for name, sign, colour, shape in signs:
        chosen = [at for at, paid in enumerate(rates) if paid * sign > 0]
        figure.add_bar(
            x=[times[at] for at in chosen],
            y=[rates[at] for at in chosen],
            name=name,
            marker={"color": colour, "pattern": {"shape": shape, "size": 5, "solidity": 0.35}},
            hovertemplate="%{y:.4%}",
            row=1,
            col=1,
        )
    low, high = min(0.0, *rates), max(0.0, *rates)
    figure.update_yaxes(range=[low - 0.08 * (high - low), high + 0.08 * (high - low)], row=1, col=1)
    mean = sum(rates) / len(rates)
    return (
        f"Funding of {behind.asset} perpetuals at {len(rates):,} settlements averaged {rate(mean)}; the highest was "
        f"{rate(max(rates))}, the lowest {rate(min(rates))}, the last {rate(rates[-1])} on {moment(times[-1])}."
    )


def _draw_open_interest(figure: Any, behind: Behind, look: Look) -> str:
    times, values = samples(behind, "open_interest_usd")
    line_of_usd(figure, times, values, "Open interest", look.price, row=2, col=1)
    return (
        f"Open interest went from {usd(values[0])} on {moment(times[0])} to {usd(values[-1])} on {moment(times[-1])}."
    )


def _rates(view: "View") -> "ir.Table":
    return in_order(view, "funding_rate")


def _open(view: "View") -> "ir.Table":
    return in_order(view, "open_interest_usd")
