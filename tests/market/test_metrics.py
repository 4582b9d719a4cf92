"""What each metric counts, on rows small enough to work out by hand; and what always holds."""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market.behind import by_hour, closes
from market.errors import NoData
from market.importing import ImportSummary, import_file
from market.market import Market
from market.metrics import metrics
from market.metrics.registry import Metric
from market.series import aware
from market.tables import Kind
from tests.market.conftest import Row, Write
from tests.market.rows import START, candles, iso, liquidation

Load = Callable[[Kind, Sequence[Row]], ImportSummary]

HOUR = timedelta(hours=1)

EXAMPLES = count()
"""Each example of a property imports under a source of its own."""

EVENTS = [
    liquidation(10, "long", 500.0),
    liquidation(20, "long", 300.0, "ETHUSDT"),
    liquidation(30, "short", 150.0),
    liquidation(70, "short", 50.0, "SOL/USDT", "OKX"),
]


@pytest.mark.parametrize(
    ("name", "asset", "value"),
    [
        ("liquidations_total", None, 1_000),
        ("liquidations_long", None, 800),
        ("liquidations_short", None, 200),
        ("liquidations_largest", None, 500),
        ("long_share", None, 0.8),
        ("liquidations_top_asset", None, 650),
        ("liquidations_total", "BTC", 650),
        ("liquidations_short", "ETH", 0),
        ("long_share", "SOL", 0),
        ("liquidations_total", "ALL", 1_000),
    ],
)
def test_liquidations_by_hand(name: str, asset: str | None, value: float, load: Load, market: Market) -> None:
    load("liquidations", EVENTS)
    reading = market.read(name, asset, 2 * HOUR, START + 2 * HOUR)
    assert reading.value == value
    assert reading.completeness.startswith("lower bound")
    assert (reading.mode, reading.source) == ("imported", "test")


def test_the_asset_with_the_most_liquidations_is_named(load: Load, market: Market) -> None:
    load("liquidations", EVENTS)
    reading = market.read("liquidations_top_asset", None, 2 * HOUR, START + 2 * HOUR)
    assert reading.asset == "BTC"
    assert "BTC: 650 of 1,000 in all (65.00%)" in reading.formula


def test_a_window_begins_after_its_first_moment_and_ends_with_its_last(load: Load, market: Market) -> None:
    load("liquidations", EVENTS)
    assert market.read("liquidations_total", None, HOUR, START + timedelta(minutes=70)).value == 500
    assert market.read("liquidations_total", None, HOUR, START + timedelta(minutes=69)).value == 950


def test_hours_add_up(load: Load, market: Market) -> None:
    load("liquidations", EVENTS)
    for asset, hours in (
        (None, [(START, 800.0, 150.0), (START + HOUR, 0.0, 50.0)]),
        ("SOL", [(START + HOUR, 0.0, 50.0)]),
    ):
        found = market.behind("liquidations_total", by_hour, asset, 2 * HOUR, START + 2 * HOUR).rows
        assert [(aware(row["hour"]), row["longs"], row["shorts"]) for row in found] == hours


def test_a_candle_counts_only_once_it_has_closed(load: Load, market: Market) -> None:
    load("candles", candles([100.0, 110.0, 90.0]))
    assert market.read("price", as_of=START + timedelta(minutes=10)).value == 110
    assert market.read("price", as_of=START + timedelta(minutes=14, seconds=59)).value == 110
    assert market.read("price", as_of=START + timedelta(minutes=15)).value == 90


def test_closes_are_those_of_the_window(load: Load, market: Market) -> None:
    load("candles", candles([100.0, 110.0, 90.0]))
    end = START + timedelta(minutes=15)
    expected = [(START + timedelta(minutes=10), 110.0), (end, 90.0)]
    found = market.behind("price", closes, "BTC", timedelta(minutes=10), end).rows
    assert [(aware(row["known_at"]), row["close"]) for row in found] == expected


def test_the_drawdown_is_from_the_peak_before_not_after(load: Load, market: Market) -> None:
    load("candles", candles([100.0, 120.0, 90.0, 150.0, 140.0]))
    reading = market.read("max_drawdown", "BTC", timedelta(minutes=25), START + timedelta(minutes=25))
    assert reading.value == pytest.approx(0.25)
    assert "1 - 90.00/120.00; peak at 2026-03-01T00:10Z, trough at 2026-03-01T00:15Z" in reading.formula


def test_missing_candles_are_counted_and_gaps_bring_no_return(load: Load, market: Market) -> None:
    rows = candles([100.0, 101.0, 102.0, 103.0, 104.0, 200.0, 202.0])
    load("candles", [*rows[:4], *rows[5:]])
    end = START + timedelta(minutes=35)
    reading = market.read("realised_volatility", "BTC", timedelta(minutes=35), end)
    returns = [math.log(b / a) for a, b in ((100, 101), (101, 102), (102, 103), (200, 202))]
    mean = sum(returns) / 4
    deviation = math.sqrt(sum((step - mean) ** 2 for step in returns) / 3)
    assert reading.value == pytest.approx(deviation * math.sqrt(365 * 24 * 12), rel=1e-9)
    assert reading.completeness == "1 of 7 5-minute candles of the window are missing"


def test_a_change_needs_both_ends(load: Load, market: Market) -> None:
    load("candles", candles([100.0, 110.0, 99.0]))
    end = START + timedelta(minutes=15)
    assert market.read("change", "BTC", timedelta(minutes=10), end).value == pytest.approx(-0.01)
    with pytest.raises(NoData, match="none is known at the start of the window"):
        market.read("change", "BTC", timedelta(minutes=20), end)


@pytest.mark.parametrize(
    ("params", "value"),
    [
        ({}, 100_000 / 101_500 - 1),
        ({"level": "95,000"}, 95_000 / 101_500 - 1),
        ({"level": "110000"}, 110_000 / 101_500 - 1),
    ],
)
def test_the_distance_to_a_level_or_to_the_next_round_one(
    replayed: Market, params: dict[str, str], value: float
) -> None:
    assert replayed.read("distance_to_level", params=params).value == pytest.approx(value, rel=1e-12)


def test_the_largest_hourly_drop_is_over_any_sixty_minutes(load: Load, market: Market) -> None:
    totals = [100.0, 130.0, 128.0, 90.0, 95.0, 60.0]
    times = [0, 40, 70, 99, 101, 170]
    rows = [
        {"ts_utc": iso(START + timedelta(minutes=at)), "usd": usd * 1e9} for at, usd in zip(times, totals, strict=True)
    ]
    load("market_cap", rows)
    reading = market.read("market_cap_largest_hourly_drop", None, 3 * HOUR, START + 3 * HOUR)
    assert reading.value == pytest.approx(40e9)
    assert "2026-03-01T01:39Z" in reading.formula


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(closes=st.lists(st.floats(0.001, 1e6), min_size=3, max_size=60))
def test_a_drawdown_lies_between_nothing_and_everything(closes: list[float], market: Market, write: Write) -> None:
    source = f"example {next(EXAMPLES)}"
    import_file(market.store, write("any.csv", candles(closes)), "candles", source)
    window, end = len(closes) * timedelta(minutes=5), START + len(closes) * timedelta(minutes=5)
    by_close = market.read("max_drawdown", "BTC", window, end, {"source": source})
    by_touch = market.read("max_drawdown", "BTC", window, end, {"source": source, "basis": "touch"})
    below = market.read("drawdown_from_ath", "BTC", as_of=end, params={"source": source})
    assert 0 <= float(below.value) <= float(by_close.value) <= float(by_touch.value) < 1


events = st.lists(
    st.tuples(
        st.floats(0, 180),
        st.sampled_from(["long", "short"]),
        st.floats(0.01, 1e8).map(lambda usd: round(usd, 2)),
        st.sampled_from(["BTC", "ETH", "DOGE"]),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda event: (event[0], event[2]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=events)
def test_totals_add_up_by_side_and_by_asset(
    drawn: list[tuple[float, str, float, str]], market: Market, write: Write
) -> None:
    rows = [liquidation(minute, side, usd, f"{asset}USDT") for minute, side, usd, asset in drawn]
    source = f"example {next(EXAMPLES)}"
    import_file(market.store, write("any.csv", rows), "liquidations", source)
    end, window = START + 4 * HOUR, 5 * HOUR

    def value(name: str, asset: str | None = None) -> float:
        return float(market.read(name, asset, window, end, {"source": source}).value)

    total = value("liquidations_total")
    assert total == pytest.approx(sum(usd for _, _, usd, _ in drawn), abs=0.02)
    assert value("liquidations_long") + value("liquidations_short") == pytest.approx(total, abs=0.02)
    assets = {asset for _, _, _, asset in drawn}
    assert sum(value("liquidations_total", asset) for asset in assets) == pytest.approx(total, abs=0.05)
    assert 0 <= value("long_share") <= 1
    assert value("liquidations_largest") <= total + 0.01
    assert value("liquidations_top_asset") <= total + 0.01


@pytest.mark.parametrize("metric", metrics().values(), ids=list(metrics()))
def test_every_metric_says_what_it_is_for(metric: Metric) -> None:
    assert metric.description.endswith(".")
    assert metric.formula_source
    assert 5 <= len(metric.examples) <= 8
    assert len(set(metric.examples)) == len(metric.examples)
    assert "{" not in metric.sentence.format(asset="BTC", value="1", window="24 hours", venue="Bybit")
    assert metric.expression.__doc__


NOT_REPLAYED = {"open_interest", "open_interest_change", "basis", "recovery_time"}
"""The tape has no open interest and no perpetual, and at its moment the price has not come back."""


@pytest.mark.parametrize("name", sorted(NOT_REPLAYED))
def test_what_the_reconstruction_does_not_hold_is_said(name: str, replayed: Market) -> None:
    with pytest.raises(NoData, match=r"none is known|none of a perpetual is known|had not come back"):
        replayed.read(name)


@pytest.mark.parametrize("name", [name for name in metrics() if name not in NOT_REPLAYED])
def test_every_other_metric_can_be_read_from_the_reconstruction(name: str, replayed: Market) -> None:
    reading = replayed.read(name)
    assert isinstance(reading.value, str) if reading.unit == "class" else math.isfinite(float(reading.value))
    assert reading.sample_size >= 1
    assert reading.formula.startswith(metrics()[name].formula + " = ")
    assert (reading.window is None) == (not metrics()[name].windowed)
