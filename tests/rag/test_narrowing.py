"""A side, a venue, a unit or a minute that is named decides between readings that lie close in meaning."""

import pytest

from rag.narrowing import families_named, readings_named


@pytest.mark.parametrize(
    ("text", "near", "named"),
    [
        ("how much was liquidated in longs today", ["liquidations_total"], ["liquidations_long"]),
        ("only shorts, last hour", ["liquidations_total", "liquidations_short"], ["liquidations_short"]),
        ("longs vs shorts liquidated", ["liquidations_total"], ["liquidations_total"]),
        ("how long did it take until 1 billion was liquidated", ["liquidations_total"], ["liquidations_total"]),
        ("what part of the liquidations were longs", ["liquidations_total"], ["liquidations_total"]),
        ("how much was liquidated on bybit", ["liquidations_total"], ["liquidations_at_venue"]),
        ("how many dollars is btc below its high", ["drawdown_from_ath"], ["drawdown_in_usd"]),
        ("how far in percent", ["drawdown_in_usd"], ["drawdown_from_ath"]),
    ],
)
def test_readings_are_narrowed(text: str, near: list[str], named: list[str]) -> None:
    assert readings_named(near, text) == named


@pytest.mark.parametrize(
    ("text", "near", "named"),
    [
        ("how low did btc go, in percent", ["bitcoin_low"], ["bitcoin_fall"]),
        ("how much in the worst minute", ["peak_liquidations"], ["peak_minute"]),
        ("how much on hyperliquid", ["liquidations"], ["hyperliquid"]),
        ("how much in minutes", ["liquidations"], ["liquidations"]),
    ],
)
def test_families_are_narrowed(text: str, near: list[str], named: list[str]) -> None:
    assert families_named(near, text) == named
