"""Each venue's recorded liquidations become the position's side, coins and dollars that the venue means by them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from market.errors import MalformedMessage
from market.feeds.liquidation import Instrument, instrument_of, liquidations_of
from market.feeds.venues import Venue

NOW = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
LINEAR = Instrument("BTCUSDT", "BTC", 1.0)
SWAP = Instrument("BTC-USDT-SWAP", "BTC", 0.01)
GALA = Instrument("GALAUSDT", "GALA", 1.0)
RIPPLE = Instrument("XRP-USD-230929", "XRP", 10.0, inverse=True)


@pytest.mark.parametrize(
    ("file", "line", "find", "instrument", "side", "quantity", "usd"),
    [
        # Binance tells the order: BUY closed a short; 0.014 were filled, at 4706.04 on average.
        ("binance_futures", 0, lambda told: told["data"]["o"], LINEAR, "short", 0.014, 65.88),
        ("binance_futures", 1, lambda told: told["data"]["o"], LINEAR, "long", 0.190, 15_703.86),
        # Bybit tells the position: Buy was a long.
        ("bybit", 3, lambda told: told["data"][0], LINEAR, "long", 0.006, 494.38),
        ("bybit", 2, lambda told: told["data"], GALA, "long", 1_637, 62.26),
        # OKX counts contracts: 8.55 of a hundredth of a bitcoin, and 39 of ten dollars.
        ("okx", 3, lambda told: told["data"][0], SWAP, "long", 0.0855, 7_067.06),
        ("okx", 1, lambda told: told["data"][0], RIPPLE, "short", 390 / 0.55205, 390),
    ],
)
def test_side_quantity_and_value_are_as_the_venue_means_them(
    file: str,
    line: int,
    find: Callable[[Any], Any],
    instrument: Instrument,
    side: str,
    quantity: float,
    usd: float,
    shared: Path,
) -> None:
    message = json.loads((shared / "feeds" / f"{file}.liquidation.jsonl").read_text().splitlines()[line])
    venue: Venue = "binance" if file == "binance_futures" else "bybit" if file == "bybit" else "okx"
    (found,) = liquidations_of(venue, find(message), instrument, NOW)
    assert (found.side, found.usd, found.received) == (side, usd, NOW)
    assert found.quantity == pytest.approx(quantity, rel=1e-9)


def test_an_inverse_contract_is_sized_in_dollars(shared: Path) -> None:
    line = (shared / "feeds" / "bybit.liquidation.jsonl").read_text().splitlines()[1]
    message = json.loads(line)["data"]
    renamed = {**message, "size": message["qty"], "updatedTime": message["time"]}
    (found,) = liquidations_of("bybit", renamed, Instrument("BTCUSD", "BTC", 1.0, inverse=True), NOW)
    assert (found.side, found.usd) == ("short", 2_329)
    assert found.quantity == pytest.approx(2_329 / 45_171)


@pytest.mark.parametrize(
    ("symbol", "asset", "bundle"),
    [
        ("1000PEPE/USDT:USDT", "PEPE", 1_000),
        ("1MBABYDOGE/USDT:USDT", "BABYDOGE", 10**6),
        ("1INCH/USDT:USDT", "1INCH", 1),
    ],
)
def test_a_contract_of_many_coins_counts_the_coins(symbol: str, asset: str, bundle: int) -> None:
    instrument = instrument_of({"id": "x", "symbol": symbol, "contract": True, "contractSize": 1.0})
    assert instrument == Instrument("x", asset, 1.0, bundle=bundle)
    (found,) = liquidations_of("bybit", {"S": "Sell", "p": "0.01", "v": "500", "T": 1}, instrument, NOW)
    assert (found.side, found.quantity, found.usd) == ("short", 500 * bundle, 5.0)
    assert found.price * found.quantity == pytest.approx(found.usd)


def test_what_is_no_contract_in_dollars_is_no_instrument() -> None:
    assert instrument_of({"id": "x", "symbol": "BTC/USDT", "contract": False}) is None
    assert instrument_of({"id": "x", "symbol": "ETH/BTC:BTC", "contract": True}) is None


def test_in_net_mode_the_order_tells_the_side() -> None:
    detail = {"posSide": "net", "side": "sell", "bkPx": "100", "sz": "2", "ts": "1791565600771"}
    (found,) = liquidations_of("okx", {"details": [detail]}, SWAP, NOW)
    assert (found.side, found.quantity, found.usd) == ("long", 0.02, 2)


@pytest.mark.parametrize(
    ("venue", "message"),
    [
        ("binance", {}),
        ("binance", {"S": "HOLD", "ap": "1", "z": "1", "T": 1}),
        ("binance", {"S": "SELL", "ap": "0", "z": "1", "T": 1}),
        ("binance", {"S": "SELL", "ap": "1", "z": "nan", "T": 1}),
        ("bybit", {"S": "Buy", "p": "1", "v": "1", "T": 10**30}),
        ("bybit", {"S": "Buy", "p": "1", "v": "1"}),
        ("okx", {"details": []}),
        ("okx", {"details": ["x"]}),
        ("okx", {"details": [{"posSide": "net", "side": "?", "bkPx": "1", "sz": "1", "ts": "1"}]}),
    ],
)
def test_what_is_malformed_is_named(venue: Venue, message: dict[str, object]) -> None:
    with pytest.raises(MalformedMessage, match="liquidation"):
        liquidations_of(venue, message, LINEAR, NOW)
