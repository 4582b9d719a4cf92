"""The market strip: four readings, and always what data they are and as of when."""

from datetime import datetime, timedelta

from market.market import Market
from market.plan import Wanted
from market.reading import Reading
from rag.phrasing import reading_value
from ui.chat.receipts import MODES
from ui.pages.rendering import render

_SHOWN = (
    ("Bitcoin", Wanted("price", "BTC")),
    ("Below its high", Wanted("drawdown_from_ath", "BTC")),
    ("Liquidated in 24 h", Wanted("liquidations_total", window=timedelta(hours=24))),
    ("Fear & Greed", Wanted("fear_greed")),
)


def market_strip(market: Market, as_of: datetime | None = None) -> str:
    """The strip as HTML; a reading that cannot be had says so instead of showing an old number.

    With `as_of` it stands at that moment, and says that it does.
    """
    status = market.status(as_of)
    told = market.readings([wanted for _, wanted in _SHOWN], as_of)
    # The strip shows what can be had; the chat says why the rest cannot.
    readings = [one if isinstance(one, Reading) else None for one in told]
    shown = [
        (label, reading_value(reading) if reading else "no data", _hint(reading))
        for (label, _), reading in zip(_SHOWN, readings, strict=True)
    ]
    return str(render("strip.html", cells=shown, status=status, mode=MODES[status.mode], pinned=as_of is not None))


def _hint(reading: Reading | None) -> str:
    return "" if reading is None else f"{reading.formula} · {reading.completeness}"
