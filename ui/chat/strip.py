"""The market strip: four readings, and always what data they are and as of when."""

from datetime import datetime, timedelta

from market.errors import MarketError
from market.market import Market
from market.reading import Reading
from rag.phrasing import reading_value
from ui.chat.receipts import MODES
from ui.pages.rendering import render

_SHOWN = (
    ("Bitcoin", "price", "BTC"),
    ("Below its high", "drawdown_from_ath", "BTC"),
    ("Liquidated in 24 h", "liquidations_total", None),
    ("Fear & Greed", "fear_greed", None),
)


def market_strip(market: Market, as_of: datetime | None = None) -> str:
    """The strip as HTML; a reading that cannot be had says so instead of showing an old number.

    With `as_of` it stands at that moment, and says that it does.
    """
    status = market.status(as_of)
    cells = [(label, _read(market, name, asset, as_of)) for label, name, asset in _SHOWN]
    shown = [(label, reading_value(reading) if reading else "no data", _hint(reading)) for label, reading in cells]
    return str(render("strip.html", cells=shown, status=status, mode=MODES[status.mode], pinned=as_of is not None))


def _read(market: Market, name: str, asset: str | None, as_of: datetime | None) -> Reading | None:
    window = timedelta(hours=24) if name.startswith("liquidations") else None
    try:
        return market.read(name, asset=asset, window=window, as_of=as_of)
    except MarketError:
        # The strip shows what can be had; the chat says why the rest cannot.
        return None


def _hint(reading: Reading | None) -> str:
    return "" if reading is None else f"{reading.formula} · {reading.completeness}"
