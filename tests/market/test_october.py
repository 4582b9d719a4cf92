"""The reconstruction of 10 October 2025 meets what was published of that day and lies near the real candles."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from market.market import Market
from market.reconstruction import reconstructed
from market.tape import TAPES, Tape, load_tape

DAY = timedelta(days=1)
MIDNIGHT = datetime(2025, 10, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def tape() -> Tape:
    return load_tape(TAPES / "2025-10-10.yaml")


@pytest.fixture(scope="module")
def minutes(tape: Tape) -> pd.DataFrame:
    frame = pd.DataFrame([dict(row) for row in reconstructed(tape)["candles"]])
    return frame[frame.interval_seconds == 60]


@pytest.mark.parametrize("asset", ["BTC", "ETH"])
def test_hourly_closes_stay_within_one_and_a_half_percent_of_the_real_ones(
    asset: str, minutes: pd.DataFrame, shared: Path
) -> None:
    real = pd.read_csv(
        shared / "data" / "binance_spot_1h_BTC_ETH_2024-09-14_2026-01-27.csv", parse_dates=["ts_utc"]
    ).set_index("ts_utc")
    closes = real[real.symbol == f"{asset}USDT"].close.loc["2025-10-09":"2025-10-11"]
    made = minutes[minutes.asset == asset].set_index("ts_utc").close.resample("1h").last()
    assert len(closes) == len(made) == 72
    assert abs(made.to_numpy() / closes.to_numpy() - 1).max() < 0.015


@pytest.mark.parametrize(("asset", "price"), [("BTC", 102_000.0), ("ETH", 3_435.0)])
def test_the_low_is_the_real_one_within_a_quarter_of_an_hour(replayed: Market, asset: str, price: float) -> None:
    low = replayed.read("window_low", asset, DAY, MIDNIGHT)
    assert low.value == pytest.approx(price, rel=0.003)
    said = datetime.strptime(low.formula[-17:], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    assert abs(said - datetime(2025, 10, 10, 21, 20, tzinfo=UTC)) <= timedelta(minutes=15)


def test_liquidations_meet_the_published_total_and_share(replayed: Market) -> None:
    assert replayed.read("liquidations_total", None, DAY, MIDNIGHT).value == pytest.approx(19.16e9, rel=1e-6)
    assert replayed.read("long_share", None, DAY, MIDNIGHT).value == pytest.approx(0.872, abs=1e-6)
    assert (
        "in the hour from 2025-10-10T21:00Z" in replayed.read("liquidations_largest_hour", None, DAY, MIDNIGHT).formula
    )


def test_it_is_labelled_and_kept_apart_from_the_other_tape(replayed: Market) -> None:
    reading = replayed.read("max_drawdown", "BTC", DAY, MIDNIGHT)
    assert (reading.mode, reading.source) == ("reconstruction", "reconstruction of 10 October 2025")
    assert "generated" in reading.completeness
    assert replayed.read("fear_greed", as_of=MIDNIGHT).value == 64
    assert replayed.status(MIDNIGHT).source == "reconstruction of 10 October 2025"
    assert replayed.read("price").source == "reconstruction of 4 November 2025"
    assert replayed.read("all_time_high", as_of=MIDNIGHT).value == 124_658.54
