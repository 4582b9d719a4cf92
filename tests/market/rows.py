"""Rows for small imports: candles around a path of closes, liquidations, samples."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from market.market import Market
from market.store import Store

START = datetime(2026, 3, 1, tzinfo=UTC)


def candles(closes: Sequence[float], minutes: int = 5, symbol: str = "BTCUSDT") -> list[dict[str, object]]:
    """Candles that open at the close before; highs and lows lie one percent beyond."""
    rows: list[dict[str, object]] = []
    for number, close in enumerate(closes):
        opened = closes[number - 1] if number else close
        rows.append(
            {
                "ts_utc": iso(START + number * timedelta(minutes=minutes)),
                "symbol": symbol,
                "open": opened,
                "high": round(max(opened, close) * 1.01, 6),
                "low": round(min(opened, close) * 0.99, 6),
                "close": close,
                "volume": 1.5,
            }
        )
    return rows


def liquidation(
    minute: float, side: str, usd: float, symbol: str = "BTCUSDT", exchange: str = "Bybit"
) -> dict[str, object]:
    """One liquidation so many minutes after START."""
    return {
        "ts_utc": iso(START + timedelta(minutes=minute)),
        "exchange": exchange,
        "symbol": symbol,
        "side": side,
        "price": 100.0,
        "quantity": usd / 100.0,
        "usd": usd,
    }


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def file_of(market: Market) -> Store:
    """The DuckDB store behind a market, for tests that change rows under it."""
    assert isinstance(market.store, Store)
    return market.store
