"""The dashboard's readings as a table: what each says, how it was worked out, or why there is none."""

from market.dashboard import dashboard
from market.errors import MarketError
from market.market import Market
from market.reading import Reading
from rag.phrasing import reading_value, window_in_words
from ui.chat.receipts import MODES
from ui.pages.market.dashboard import Look
from ui.pages.rendering import render


def readings_table(market: Market, look: Look) -> str:
    """All of them as of one moment, asked for in one call."""
    wanted = dashboard(look.asset, look.span)
    at = look.as_of or market.now()
    told = market.readings(wanted, at)
    rows = [_row(market.metrics()[one.name].title, found) for one, found in zip(wanted, told, strict=True)]
    return str(render("market_readings.html", asset=look.asset, window=window_in_words(look.window), at=at, rows=rows))


def _row(title: str, told: Reading | MarketError) -> tuple[str, str, str]:
    if isinstance(told, MarketError):
        return title, "no data", str(told)
    return (
        title,
        f"{reading_value(told)}{_of(told)}",
        f"{told.formula} · {MODES[told.mode]}: {told.source} · {told.completeness}",
    )


def _of(reading: Reading) -> str:
    return f" ({reading.asset})" if reading.metric == "liquidations_top_asset" else ""
