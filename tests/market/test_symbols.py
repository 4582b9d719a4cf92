"""Symbols of every venue lead to the same base asset."""

import pytest

from market.errors import InvalidInput
from market.symbols import base_asset


@pytest.mark.parametrize(
    ("symbol", "asset"),
    [
        ("BTCUSDT", "BTC"),
        ("BTC/USDT", "BTC"),
        ("BTC/USDT:USDT", "BTC"),
        ("BTC-USD", "BTC"),
        ("BTCUSD", "BTC"),
        ("XBTUSD", "BTC"),
        ("BTC-USDT-SWAP", "BTC"),
        ("BTC-PERPETUAL", "BTC"),
        ("btc", "BTC"),
        ("ETHUSDC", "ETH"),
        ("1000PEPEUSDT", "1000PEPE"),
        ("WBTC", "WBTC"),
        ("BNBUSD", "BNB"),
        ("BTCBUSD", "BTC"),
        ("DOTUSD", "DOT"),
        ("ETHFDUSD", "ETH"),
        ("BUSD", "BUSD"),
        ("USDCUSDT", "USDC"),
    ],
)
def test_the_base_asset_of_a_symbol(symbol: str, asset: str) -> None:
    assert base_asset(symbol) == asset


@pytest.mark.parametrize("symbol", ["", "  ", "BTC USDT", "'; DROP TABLE candles", "€UR"])
def test_what_is_no_symbol_is_refused(symbol: str) -> None:
    with pytest.raises(InvalidInput, match="is not a symbol"):
        base_asset(symbol)


def test_a_pair_not_quoted_in_dollars_is_refused() -> None:
    with pytest.raises(InvalidInput, match="quoted in BTC"):
        base_asset("ETH/BTC")
