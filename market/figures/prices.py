"""An asset's price in a window, how far it stood below the highest close so far, and the events of that time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from market.behind import Behind, closes
from market.durations import duration_text
from market.errors import NoData
from market.figures.lines import extremes, samples
from market.figures.look import LOOKS, Look, Theme
from market.figures.picture import Mark, Picture, framed, missing, time_axis, told
from market.figures.thinning import kept
from market.figures.words import days, moment, usd
from market.market import Market


def price_and_drawdown(
    market: Market,
    asset: str,
    window: timedelta,
    as_of: datetime | None = None,
    *,
    marks: Sequence[Mark] = (),
    theme: Theme = "light",
) -> Picture:
    """Closes above, drawdown below, from the candles that `max_drawdown` stands on; `marks` within the window."""
    title = f"{asset.upper()} price and drawdown over {duration_text(window)}"
    try:
        behind = market.behind("max_drawdown", closes, asset, window, as_of)
    except NoData as error:
        return missing(title, as_of or market.now(), str(error), theme)
    times, prices = samples(behind, "close")
    peaks = list(accumulate(prices, max))
    falls = [close / peak - 1 for close, peak in zip(prices, peaks, strict=True)]
    within = [mark for mark in marks if mark.touches(behind.as_of - window, behind.as_of)]
    figure = _drawn(behind, times, prices, falls, within, LOOKS[theme])
    summary = _summary(times, prices, peaks, falls, within, behind.asset)
    return framed(figure, title, told(behind), summary, theme, height=480)


def _drawn(
    behind: Behind,
    times: Sequence[datetime],
    prices: Sequence[float],
    falls: Sequence[float],
    marks: Sequence[Mark],
    look: Look,
) -> "go.Figure":
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.68, 0.32], vertical_spacing=0.05)
    shown = kept(times, (prices, falls), behind.interval)
    x = [None if at is None else times[at] for at in shown]
    figure.add_scatter(
        x=x,
        y=[None if at is None else prices[at] for at in shown],
        name="Close",
        line={"color": look.price, "width": 1.8},
        hovertemplate="%{y:$,.2f}",
        row=1,
        col=1,
    )
    figure.add_scatter(
        x=x,
        y=[None if at is None else falls[at] for at in shown],
        name="Below the highest close so far",
        line={"color": look.long, "width": 1.2},
        fill="tozeroy",
        fillcolor=look.fall,
        hovertemplate="%{y:.2%}",
        row=2,
        col=1,
    )
    deepest = falls.index(min(falls))
    figure.add_scatter(
        x=[times[deepest]],
        y=[falls[deepest]],
        mode="markers+text",
        text=[f"{falls[deepest]:.1%}"],
        textposition="middle left" if deepest > len(falls) / 2 else "middle right",
        marker={"color": look.long, "size": 8, "symbol": "diamond"},
        showlegend=False,
        hoverinfo="skip",
        row=2,
        col=1,
    )
    for number, mark in enumerate(marks):
        begins = max(mark.at, behind.as_of - behind.window)
        if mark.until is None:
            figure.add_vline(x=begins.timestamp() * 1_000, line={"color": look.mark, "dash": "dot", "width": 1})
        else:
            ends = min(mark.until, behind.as_of)
            figure.add_vrect(x0=begins, x1=ends, fillcolor=look.mark, opacity=0.1, line_width=0, layer="below")
        figure.add_annotation(
            x=begins,
            yref="y domain",
            y=1 - 0.09 * (number % 3),
            text=mark.label,
            showarrow=False,
            xanchor="left" if begins < behind.as_of - behind.window / 2 else "right",
            xshift=4 if begins < behind.as_of - behind.window / 2 else -4,
            font={"color": look.mark, "size": 11},
        )
    figure.update_yaxes(tickprefix="$", row=1, col=1)
    figure.update_yaxes(tickformat=".0%" if min(falls) < -0.04 else ".1%", row=2, col=1)
    time_axis(figure, behind.window, behind.as_of)
    return figure


def _summary(
    times: Sequence[datetime],
    prices: Sequence[float],
    peaks: Sequence[float],
    falls: Sequence[float],
    marks: Sequence[Mark],
    asset: str,
) -> str:
    deepest = falls.index(min(falls))
    low, high = extremes(prices)
    text = (
        f"{asset} closed at {usd(prices[0])} on {moment(times[0])} and at {usd(prices[-1])} on {moment(times[-1])}, "
        f"a change of {prices[-1] / prices[0] - 1:+.2%}. The highest close was {usd(prices[high])} on "
        f"{moment(times[high])}, the lowest {usd(prices[low])} on {moment(times[low])}."
    )
    if falls[deepest] < 0:
        text += (
            f" The deepest fall was {-falls[deepest]:.2%}, from {usd(peaks[deepest])} to {usd(prices[deepest])} on "
            f"{moment(times[deepest])}."
        )
    if marks:
        text += f" Marked: {'; '.join(map(_marked, marks))}."
    return text


def _marked(mark: Mark) -> str:
    return f"{mark.label} ({days(mark.at, mark.until) if mark.until else moment(mark.at)})"
