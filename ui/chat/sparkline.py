"""A small picture of the rows a reading stands on, as SVG: the price path, or liquidations by hour and side."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from market.durations import duration_of
from market.errors import MarketError
from market.market import Market
from market.reading import Reading
from rag.phrasing import moment_in_words, usd
from ui.pages.rendering import render

_WIDTH, _HEIGHT = 280.0, 64.0
_MOST_POINTS = 280
_DEFAULT_WINDOW = timedelta(hours=24)


def sparkline(market: Market, reading: Reading) -> Markup | None:
    """The picture of what `reading` stands on, or None where its metric has no path to draw."""
    table = market.metrics()[reading.metric].table if reading.metric in market.metrics() else None
    window = duration_of(reading.window) if reading.window else _DEFAULT_WINDOW
    asset = None if reading.asset == "ALL" else reading.asset
    try:
        if table == "candles" and asset is not None:
            return _path(market.closes(asset, window, reading.as_of), asset)
        if table == "liquidations":
            return _bars(market.liquidations_by_hour(asset, window, reading.as_of))
    except MarketError:
        # A receipt restored later may speak of rows that are gone; its numbers stand without the picture.
        return None
    return None


def _path(closes: Sequence[tuple[datetime, float]], asset: str) -> Markup | None:
    if len(closes) < 2:
        return None
    step = max(1, len(closes) // _MOST_POINTS)
    shown = [*closes[::step], closes[-1]]
    low, high = min(value for _, value in shown), max(value for _, value in shown)
    first, last = shown[0][0], shown[-1][0]
    across, up = (last - first) / timedelta(seconds=1) or 1.0, (high - low) or 1.0
    points = " ".join(
        f"{(at - first).total_seconds() / across * _WIDTH:.1f},{_HEIGHT - (value - low) / up * _HEIGHT:.1f}"
        for at, value in shown
    )
    said = (
        f"Price of {asset} from {usd(shown[0][1])} to {usd(shown[-1][1])}, lowest {usd(low)}, highest {usd(high)}; "
        f"{moment_in_words(first)} to {moment_in_words(last)}"
    )
    return render("sparkline.html", points=points, bars=(), said=said, width=_WIDTH, height=_HEIGHT)


def _bars(hours: Sequence[tuple[datetime, float, float]]) -> Markup | None:
    if not hours:
        return None
    first = hours[0][0]
    count = int((hours[-1][0] - first) / timedelta(hours=1)) + 1
    most = max(longs + shorts for _, longs, shorts in hours) or 1.0
    wide = _WIDTH / count
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
        f"{moment_in_words(first)} to {moment_in_words(hours[-1][0] + timedelta(hours=1))}"
    )
    return render("sparkline.html", points="", bars=bars, said=said, width=_WIDTH, height=_HEIGHT)
