"""Files as other programs lay them out: which names they give the columns, and where they keep the symbol.

freqtrade and Binance's public archive (data.binance.vision) name the symbol in the file's name only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_BINANCE = (
    "open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume", "count",
    "taker_buy_volume", "taker_buy_quote_volume", "ignore",
)  # fmt: skip

_FREQTRADE_FILE = re.compile(
    r"([A-Z0-9]+)_([A-Z0-9]+)(_[A-Z0-9]+)?-\d+[mhdwM](?:-(?:futures|mark|spot))?", re.IGNORECASE
)
_BINANCE_FILE = re.compile(r"([A-Z0-9]+)-\d+[smhdwM]o?-\d{4}-\d{2}(?:-\d{2})?.*", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\d+(?:\.\d+)?\s*")


@dataclass(frozen=True)
class Layout:
    """`header` is given where the file has none; `symbol` where it is told by the file's name."""

    header: tuple[str, ...] = ()
    symbol: str | None = None


def layout_of(path: Path, first_row: Sequence[str]) -> Layout:
    """How `path`, whose first row is `first_row`, is laid out; as our own import columns if nothing else fits.

    >>> layout_of(Path("BTC_USDT-5m.feather"), ["date", "open", "high", "low", "close", "volume"]).symbol
    'BTC/USDT'
    >>> layout_of(Path("BTCUSDT-5m-2025-11-04.csv"), ["1762214400000000", *["1"] * 11]).header[0]
    'open_time'
    """
    names = {name.strip() for name in first_row}
    if len(first_row) == len(_BINANCE) and all(_NUMBER.fullmatch(cell) for cell in first_row):
        return Layout(header=_BINANCE, symbol=_of_binance(path))
    if "open_time" in names and "symbol" not in names:
        return Layout(symbol=_of_binance(path))
    if "date" in names and "symbol" not in names:
        return Layout(symbol=_of_freqtrade(path))
    return Layout()


def _of_binance(path: Path) -> str | None:
    named = _BINANCE_FILE.fullmatch(path.stem)
    return named[1].upper() if named else None


def _of_freqtrade(path: Path) -> str | None:
    named = _FREQTRADE_FILE.fullmatch(path.stem)
    if not named:
        return None
    settled = f":{named[3][1:].upper()}" if named[3] else ""
    return f"{named[1].upper()}/{named[2].upper()}{settled}"
