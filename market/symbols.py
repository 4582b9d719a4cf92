"""From a venue's symbol to the base asset it prices: BTC for BTCUSDT, BTC/USDT, BTC-USD or XBTUSD."""

import re
from typing import Literal

from market.errors import InvalidInput

Instrument = Literal["spot", "perpetual", "mark"]
"""What a series of candles prices: coins, a perpetual contract on them, or the venue's own mark of it."""

_DOLLARS = ("USDT", "USDC", "USDE", "FDUSD", "PYUSD", "DAI")
_DOLLARS_THAT_END_LIKE_COINS = ("BUSD", "TUSD")
_COINS = frozenset({"BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "LTC", "LINK", "AVAX", "DOT", "TRX"})
_OTHER_QUOTES = frozenset({"BTC", "XBT", "ETH", "BNB", "EUR", "GBP", "JPY", "TRY", "KRW", "BRL", "AUD"})
_ALIASES = {"XBT": "BTC", "XDG": "DOGE"}
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9/:_.-]{0,39}")
_SEPARATOR = re.compile(r"[/:_.-]+")
_MARK = re.compile(r"(?<![a-z])(?:mark|index)(?![a-z])", re.IGNORECASE)
_PERPETUAL = re.compile(r"perp|swap|futures?(?![a-z])|usds?[-_]?m(?![a-z])|coin[-_]?m(?![a-z])|:usd", re.IGNORECASE)


def base_asset(symbol: str) -> str:
    """The base asset of `symbol`, in capitals.

    >>> [base_asset(s) for s in ("BTCUSDT", "eth/usdt:usdt", "BTC-USD", "XBTUSD", "SOL", "BTC-USDT-SWAP")]
    ['BTC', 'ETH', 'BTC', 'BTC', 'SOL', 'BTC']

    Without a separator only quotes in dollars are known. Raises InvalidInput for what is no symbol, or is
    quoted in something other than a dollar.
    """
    stripped = symbol.strip()
    if not _SYMBOL.fullmatch(stripped):
        raise InvalidInput(f"'{symbol}' is not a symbol such as BTCUSDT, BTC/USDT or BTC-USD")
    parts = [part for part in _SEPARATOR.split(stripped.upper()) if part]
    base = parts[0]
    if len(parts) > 1:
        if parts[1] in _OTHER_QUOTES:
            raise InvalidInput(f"'{symbol}' is quoted in {parts[1]}; only prices in dollars can be used")
    else:
        base = _without_quote(base)
    return _ALIASES.get(base, base)


def instrument_of(symbol: str, source: str) -> Instrument:
    """What candles of `symbol` from `source` price, by how venues and their archives name it; spot if nothing is said.

    >>> [instrument_of("BTC/USDT:USDT", "okx"), instrument_of("BTCUSDT", "binance_usdm_perp_5m")]
    ['perpetual', 'perpetual']
    >>> [instrument_of("BTCUSDT", "Binance spot"), instrument_of("BTCUSDT", "binance_usdm_mark_price_1h")]
    ['spot', 'mark']
    """
    named = f"{symbol} {source}"
    if _MARK.search(named):
        return "mark"
    return "perpetual" if _PERPETUAL.search(named) else "spot"


def _without_quote(joined: str) -> str:
    if joined in {*_DOLLARS, *_DOLLARS_THAT_END_LIKE_COINS}:
        return joined
    for quote in _DOLLARS:
        if joined.endswith(quote):
            return joined.removesuffix(quote)
    # BTCBUSD is BTC in BUSD, but BNBUSD is BNB in USD and XBTUSD is XBT in USD.
    for quote in _DOLLARS_THAT_END_LIKE_COINS:
        if joined.removesuffix(quote) in _COINS:
            return joined.removesuffix(quote)
    return joined.removesuffix("USD") or joined
