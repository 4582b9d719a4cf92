"""The reconstruction passes through its published anchors, stays close to what happened, and never changes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from market.market import Market
from market.reconstruction import Rows, reconstructed
from market.tables import Kind
from market.tape import Tape, load_tape
from tests.market.test_calculators import UNSAFE_HOSTS

MIDNIGHT = datetime(2025, 11, 5, tzinfo=UTC)
TEN_PM = datetime(2025, 11, 4, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def tape() -> Tape:
    return load_tape()


@pytest.fixture(scope="module")
def rows(tape: Tape) -> Mapping[Kind, Rows]:
    return reconstructed(tape)


@pytest.fixture(scope="module")
def minutes(rows: Mapping[Kind, Rows]) -> pd.DataFrame:
    frame = pd.DataFrame([dict(row) for row in rows["candles"]])
    return frame[frame.interval_seconds == 60]


def test_the_same_tape_gives_the_same_rows_every_time(tape: Tape, rows: Mapping[Kind, Rows]) -> None:
    assert _digest(reconstructed(tape)) == _digest(rows) == "a9472acd7ec9decc"


def test_minutes_follow_each_other_without_gap_or_contradiction(minutes: pd.DataFrame) -> None:
    for _, frame in minutes.groupby("asset"):
        assert len(frame) == 3 * 1440
        assert (frame.ts_utc.diff().dropna() == pd.Timedelta("1min")).all()
        assert (frame.open.iloc[1:].to_numpy() == frame.close.iloc[:-1].to_numpy()).all()
        assert (frame.high >= frame[["open", "close"]].max(axis=1)).all()
        assert (frame.low <= frame[["open", "close"]].min(axis=1)).all()
        assert (frame.low > 0).all()
        assert (frame.volume > 0).all()


def test_every_anchor_is_met_exactly(tape: Tape, minutes: pd.DataFrame) -> None:
    for path in tape.prices:
        closes = minutes[minutes.asset == path.asset].set_index("ts_utc").close
        for anchor in path.anchors[1:]:
            closed = (anchor.at - timedelta(minutes=1)).replace(tzinfo=None)
            assert closes[closed] == anchor.usd


def test_few_anchors_each_with_its_source(tape: Tape) -> None:
    for path in tape.prices:
        assert len(path.anchors) <= 24
    published = [anchor for path in tape.prices for anchor in (*path.anchors, *path.days)]
    assert tape.market_cap is not None
    for part in (*published, *tape.market_cap.anchors, *tape.sentiment, tape.liquidations.total):
        assert part.source
        assert not any(host in str(part.source_url) for host in UNSAFE_HOSTS)


def test_bitcoin_touches_its_published_low_when_it_did(replayed: Market) -> None:
    low = replayed.read("window_low", "BTC", timedelta(hours=24), MIDNIGHT)
    assert low.value == pytest.approx(98_944, rel=0.003)
    assert "2025-11-04T21:3" in low.formula


@pytest.mark.parametrize("asset", ["BTC", "ETH"])
def test_hourly_closes_stay_within_one_and_a_half_percent_of_the_real_ones(
    asset: str, minutes: pd.DataFrame, shared: Path
) -> None:
    real = pd.read_csv(
        shared / "data" / "binance_spot_1h_BTC_ETH_2024-09-14_2026-01-27.csv", parse_dates=["ts_utc"]
    ).set_index("ts_utc")
    closes = real[real.symbol == f"{asset}USDT"].close.loc["2025-11-03":"2025-11-05"]
    made = minutes[minutes.asset == asset].set_index("ts_utc").close.resample("1h").last()
    assert len(closes) == len(made) == 72
    assert abs(made.to_numpy() / closes.to_numpy() - 1).max() < 0.015


@pytest.mark.parametrize("moment", [TEN_PM, MIDNIGHT], ids=["at 22:00", "at midnight"])
def test_liquidations_meet_the_published_totals(replayed: Market, moment: datetime) -> None:
    day = timedelta(hours=24)
    assert replayed.read("liquidations_total", None, day, moment).value == pytest.approx(1.3e9, rel=0.02)
    assert replayed.read("liquidations_total", "BTC", day, moment).value == pytest.approx(445e6, rel=0.02)
    assert 0.87 <= float(replayed.read("long_share", None, day, moment).value) <= 0.89


def test_the_market_value_falls_as_published(replayed: Market) -> None:
    day = timedelta(hours=24)
    assert replayed.read("market_cap", as_of=MIDNIGHT).value == pytest.approx(3.44e12, rel=0.005)
    assert replayed.read("market_cap_change", None, day, MIDNIGHT).value == pytest.approx(-250e9, rel=0.02)
    hourly = replayed.read("market_cap_largest_hourly_drop", None, day, MIDNIGHT)
    assert hourly.value == pytest.approx(90e9, rel=0.03)
    assert "weakly sourced" in hourly.completeness


def test_the_all_time_high_is_the_published_one(replayed: Market) -> None:
    assert replayed.read("all_time_high", "BTC").value == 124_658.54
    assert replayed.read("all_time_high", "BTC", params={"basis": "touch"}).value == 126_199.63
    reading = replayed.read("drawdown_from_ath", "BTC")
    assert reading.value == pytest.approx(1 - 101_500 / 124_658.54, rel=1e-12)
    assert "2025-10-06" in reading.formula
    assert "stored history only" in reading.completeness


def test_the_index_of_the_day_is_known_only_after_its_midnight(replayed: Market) -> None:
    assert replayed.read("fear_greed", as_of=MIDNIGHT).value == 21
    assert replayed.read("fear_greed", as_of=MIDNIGHT + timedelta(minutes=5)).value == 23
    assert replayed.read("fear_greed", as_of=datetime(2025, 11, 3, 12, tzinfo=UTC)).value == 42


@pytest.mark.parametrize("name", ["price", "liquidations_total", "market_cap", "max_drawdown"])
def test_every_reading_says_that_it_is_a_reconstruction_and_not_exchange_data(replayed: Market, name: str) -> None:
    reading = replayed.read(name)
    assert reading.mode == "reconstruction"
    assert reading.source == "reconstruction of 4 November 2025"
    assert "generated" in reading.completeness


def _digest(rows: Mapping[Kind, Rows]) -> str:
    """Of the values rounded to seven digits: the last bits of a power may differ between machines."""
    told = hashlib.sha256()
    for kind in sorted(rows):
        for row in rows[kind]:
            values = [f"{value:.7g}" if isinstance(value, float) else str(value) for value in row.values()]
            told.update(json.dumps(values).encode())
    return told.hexdigest()[:16]
