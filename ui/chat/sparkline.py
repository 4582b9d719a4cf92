"""A small picture of the rows a reading stands on, as SVG: the price path, or liquidations by hour and side."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from markupsafe import Markup

from market.behind import by_hour, closes
from market.durations import duration_of
from market.errors import MarketError
from market.figures.thinning import kept
from market.market import Market
from market.query import Row
from market.reading import Reading
from market.series import aware
from rag.phrasing import moment_in_words, usd
from ui.pages.rendering import render

_WIDTH, _HEIGHT = 280.0, 64.0
_MOST_POINTS = 280
_DEFAULT_WINDOW = timedelta(hours=24)


def sparkline(market: Market, reading: Reading) -> Markup | None:
    """The picture of what `reading` stands on, or None where its metric has no path to draw."""
    metric = market.metrics().get(reading.metric)
    if metric is None or metric.table not in {"candles", "liquidations"}:
        return None
    priced = metric.table == "candles"
    window = duration_of(reading.window) if reading.window else _DEFAULT_WINDOW
    asset = None if reading.asset == "ALL" else reading.asset
    try:
        behind = market.behind(reading.metric, closes if priced else by_hour, asset, window, reading.as_of)
    except MarketError:
        # A receipt restored later may speak of rows that are gone; its numbers stand without the picture.
        return None
    return _path(behind.rows, behind.asset) if priced else _bars(behind.rows)


def _path(rows: Sequence[Row], asset: str) -> Markup | None:
    if len(rows) < 2:
        return None
    times = [aware(cast("datetime", row["known_at"])) for row in rows]
    prices = [cast("float", row["close"]) for row in rows]
    low, high, first = min(prices), max(prices), times[0]
    across, up = (times[-1] - first) / timedelta(seconds=1), (high - low) or 1.0
    points = " ".join(
        f"{(times[at] - first).total_seconds() / across * _WIDTH:.1f},{_HEIGHT - (prices[at] - low) / up * _HEIGHT:.1f}"
        for at in kept(times, (prices,), most=_MOST_POINTS)
        if at is not None
    )
    said = (
        f"Price of {asset} from {usd(prices[0])} to {usd(prices[-1])}, lowest {usd(low)}, highest {usd(high)}; "
        f"{moment_in_words(first)} to {moment_in_words(times[-1])}"
    )
    return render("sparkline.html", points=points, bars=(), said=said, width=_WIDTH, height=_HEIGHT)


def _bars(rows: Sequence[Row]) -> Markup | None:
    if not rows:
        return None
    hours = [
        (aware(cast("datetime", row["hour"])), cast("float", row["longs"]), cast("float", row["shorts"]))
        for row in rows
    ]
    first, last = hours[0][0], hours[-1][0] + timedelta(hours=1)
    most = max(longs + shorts for _, longs, shorts in hours) or 1.0
    wide = _WIDTH / ((last - first) / timedelta(hours=1))
    bars = [
        {
            "x": f"{(at - first) / timedelta(hours=1) * wide:.1f}",
            "width": f"{max(wide - 1, 0.5):.1f}",
            "longs": f"{longs / most * _HEIGHT:.1f}",
            "shorts": f"{shorts / most * _HEIGHT:.1f}",
            "shorts_top": f"{_HEIGHT - shorts / most * _HEIGHT:.1f}",
            "top": f"{_HEIGHT - (longs + shorts) / most * _HEIGHT:.1f}",
        }
        for at, longs, shorts in hours
    ]
    said = (
        f"Liquidations by hour, longs above shorts; the largest hour {usd(most)}; "
        f"{moment_in_words(first)} to {moment_in_words(last)}"
    )
    return render("sparkline.html", points="", bars=bars, said=said, width=_WIDTH, height=_HEIGHT)
