"""The market strip: four readings, and always what data they are and as of when."""

from datetime import timedelta
from html import escape

from market.errors import MarketError
from market.market import Market
from market.reading import Reading
from rag.phrasing import moment_in_words, reading_value

_SHOWN = (
    ("Bitcoin", "price", "BTC"),
    ("Below its high", "drawdown_from_ath", "BTC"),
    ("Liquidated in 24 h", "liquidations_total", None),
    ("Fear & Greed", "fear_greed", None),
)
_MODES = {
    "live": "Live data",
    "imported": "Imported data",
    "reconstruction": "Reconstruction, not exchange data",
    "none": "No market data",
}


def market_strip(market: Market) -> str:
    """The strip as HTML; a reading that cannot be had says so instead of showing an old number."""
    status = market.status()
    cells = "".join(_cell(label, _read(market, name, asset)) for label, name, asset in _SHOWN)
    source = f" · {escape(status.source)}" if status.source else ""
    stale = ' <span class="mp-stale">stale</span>' if status.stale else ""
    return (
        f'<div class="mp-strip" role="status" aria-label="Market now">{cells}'
        f'<div class="mp-mode mp-mode-{status.mode}"><b>{_MODES[status.mode]}</b>{stale}'
        f"<span>as of {moment_in_words(status.as_of)}{source}</span></div></div>"
    )


def _read(market: Market, name: str, asset: str | None) -> Reading | None:
    window = timedelta(hours=24) if name.startswith("liquidations") else None
    try:
        return market.read(name, asset=asset, window=window)
    except MarketError:
        # The strip shows what can be had; the chat says why the rest cannot.
        return None


def _cell(label: str, reading: Reading | None) -> str:
    value = "no data" if reading is None else escape(reading_value(reading))
    hint = "" if reading is None else escape(f"{reading.formula} · {reading.completeness}", quote=True)
    return f'<div class="mp-cell" title="{hint}"><span>{escape(label)}</span><b>{value}</b></div>'
