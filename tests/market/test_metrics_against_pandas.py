"""Metrics of swings, comparisons, funding, open interest and basis against pandas and numpy on real data."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from market.errors import InvalidInput, NoData
from market.importing import import_file
from market.market import STORE_FILE, Market
from market.settings import MarketSettings
from tests.market.conftest import WALL

AS_OFS = [
    datetime(2025, 11, 5, tzinfo=UTC),
    datetime(2025, 11, 4, 21, 37, tzinfo=UTC),
    datetime(2025, 10, 11, 0, 2, 30, tzinfo=UTC),
    datetime(2025, 4, 7, 12, tzinfo=UTC),
]
WINDOWS = [timedelta(hours=24), timedelta(hours=7)]
DAY = timedelta(days=1)
SPOT = "binance_spot_5m_BTC_ETH_crash_windows_2025"
PERPETUAL = "binance_usdm_perp_5m_BTC_ETH_crash_windows_2025"
FUNDING = "binance_usdm_funding_8h_BTC_ETH_2019-09_2026-01-27"


@pytest.fixture(scope="module")
def venues(pristine: Path, tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Market]:
    """Spot and perpetual candles, funding and the index, each under its file's name."""
    home = tmp_path_factory.mktemp("venues")
    shutil.copy(pristine, home / STORE_FILE)
    market = Market.open(home, MarketSettings(), read_only=False, wall=lambda: WALL)
    for name in (SPOT, PERPETUAL):
        import_file(market.store, shared / "data" / f"{name}.csv", "candles")
    import_file(market.store, shared / "data" / f"{FUNDING}.csv", "funding")
    import_file(market.store, shared / "data" / "fear_greed_daily_2018-02-01_2026-01-27.csv", "sentiment")
    yield market
    market.close()


@pytest.fixture(scope="module")
def spot(shared: Path) -> pd.DataFrame:
    return _candles(shared / "data" / f"{SPOT}.csv")


def _candles(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, parse_dates=["ts_utc"])
    return frame.assign(known=frame.ts_utc + pd.Timedelta("5min"))


def _window(frame: pd.DataFrame, asset: str, window: timedelta, as_of: datetime) -> pd.DataFrame:
    rows = frame[(frame.symbol == f"{asset}USDT") & (frame.known > as_of - window) & (frame.known <= as_of)]
    return rows.set_index("known")


@pytest.mark.parametrize("asset", ["BTC", "ETH"])
@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_swings_of_a_window(venues: Market, spot: pd.DataFrame, asset: str, window: timedelta, as_of: datetime) -> None:
    rows = _window(spot, asset, window, as_of)
    close = rows.close
    fall = 1 - close / close.cummax()
    trough_at = pd.Timestamp(str(fall.idxmax()))
    peak = close[:trough_at].max()
    hours = rows.groupby(rows.ts_utc.dt.floor("h")).agg(first=("open", "first"), last=("close", "last"))
    level = 10 ** np.floor(np.log10(close.iloc[0]))
    level *= np.floor(close.iloc[0] / level)
    recent = rows.index > as_of - timedelta(hours=1)
    # 61 minutes with the left edge open hold the 13 closes of an hour with both its ends.
    tops = close.rolling("61min").max()
    expected = {
        "largest_drop": (1 - close / tops).max(),
        "worst_hour": (hours["last"] / hours["first"] - 1).min(),
        "recovered_share": (close.iloc[-1] - close[trough_at]) / (peak - close[trough_at]),
        "time_below_level": (close < level).sum() / 12,
        "volume_spike": rows.volume[recent].mean() / rows.volume[~recent].mean(),
    }
    for name, value in expected.items():
        reading = venues.read(name, asset, window, as_of)
        assert reading.value == pytest.approx(value, rel=1e-9, abs=1e-12), name
        assert (reading.source, reading.sample_size) == (SPOT, len(rows))


def test_the_drop_of_october_is_found_when_it_was(venues: Market, spot: pd.DataFrame) -> None:
    as_of = datetime(2025, 10, 11, tzinfo=UTC)
    close = _window(spot, "BTC", DAY, as_of).close
    trough_at = pd.Timestamp(str((1 - close / close.rolling("31min").max()).idxmax()))
    reading = venues.read("largest_drop", "BTC", DAY, as_of, {"within": "30m"})
    assert f"to {trough_at:%Y-%m-%dT%H:%MZ}" in reading.formula
    assert trough_at.hour == 21
    # The hour of the crash won much of its fall back before it closed; the one before it closed lower.
    assert "the hour from 2025-10-10T20:00Z" in venues.read("worst_hour", "BTC", DAY, as_of).formula


def test_days_are_those_of_utc(venues: Market, spot: pd.DataFrame) -> None:
    as_of = datetime(2025, 10, 15, tzinfo=UTC)
    rows = _window(spot, "BTC", timedelta(days=7), as_of)
    days = rows.groupby(rows.ts_utc.dt.floor("D")).agg(first=("open", "first"), last=("close", "last"))
    reading = venues.read("worst_day", "BTC", timedelta(days=7), as_of)
    assert reading.value == pytest.approx((days["last"] / days["first"] - 1).min(), abs=1e-12)
    assert "the day of 2025-10-10T00:00Z" in reading.formula


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
@pytest.mark.parametrize("asset", ["BTC", "ETH"])
def test_recovery_is_when_the_price_was_back(venues: Market, spot: pd.DataFrame, asset: str, share: float) -> None:
    as_of, window = datetime(2025, 10, 15, tzinfo=UTC), timedelta(days=6)
    close = _window(spot, asset, window, as_of).close
    fall = 1 - close / close.cummax()
    trough_at = pd.Timestamp(str(fall.idxmax()))
    target = close[trough_at] + share * (close[:trough_at].max() - close[trough_at])
    after = close[trough_at:]
    back = after[after >= target * (1 - 1e-12)]
    params = {"share": str(share)}
    if back.empty:
        with pytest.raises(NoData, match="had not come back by the as-of time"):
            venues.read("recovery_time", asset, window, as_of, params)
        return
    reading = venues.read("recovery_time", asset, window, as_of, params)
    assert reading.value == pytest.approx((back.index[0] - trough_at) / pd.Timedelta("1h"))


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_ether_against_bitcoin(venues: Market, spot: pd.DataFrame, window: timedelta, as_of: datetime) -> None:
    ether, bitcoin = (_window(spot, asset, window, as_of).close for asset in ("ETH", "BTC"))
    x, y = (np.diff(np.log(close.to_numpy())) for close in (bitcoin, ether))
    covariance = np.cov(x, y)
    assert venues.read("beta_to_bitcoin", "ETH", window, as_of).value == pytest.approx(
        covariance[0, 1] / covariance[0, 0], rel=1e-9
    )
    assert venues.read("correlation_with_bitcoin", "ETH", window, as_of).value == pytest.approx(
        np.corrcoef(x, y)[0, 1], rel=1e-9
    )
    changes = [venues.read("change", asset, window, as_of).value for asset in ("ETH", "BTC")]
    against = venues.read("change_against_bitcoin", None, window, as_of)
    assert against.asset == "ETH"
    assert against.value == pytest.approx(float(changes[0]) - float(changes[1]), abs=1e-12)


def test_bitcoin_is_not_held_against_itself(venues: Market) -> None:
    with pytest.raises(NoData, match="name another asset"):
        venues.read("beta_to_bitcoin", "BTC", DAY, AS_OFS[0])


def test_two_crashes_are_compared(venues: Market) -> None:
    november, october = datetime(2025, 11, 5, tzinfo=UTC), datetime(2025, 10, 11, tzinfo=UTC)
    reading = venues.read("drawdown_compared", "BTC", DAY, november, {"other": "2025-10-11T00:00:00Z"})
    now, then = (float(venues.read("max_drawdown", "BTC", DAY, end).value) for end in (november, october))
    assert reading.value == pytest.approx(now - then, abs=1e-12)
    before = venues.read("drawdown_compared", "BTC", DAY, november)
    yesterday = float(venues.read("max_drawdown", "BTC", DAY, november - DAY).value)
    assert before.value == pytest.approx(now - yesterday, abs=1e-12)
    with pytest.raises(InvalidInput, match="lies after the as-of time"):
        venues.read("drawdown_compared", "BTC", DAY, october, {"other": "2025-11-05T00:00:00Z"})
    with pytest.raises(InvalidInput, match="has no time zone"):
        venues.read("drawdown_compared", "BTC", DAY, november, {"other": "2025-10-11"})


@pytest.mark.parametrize("asset", ["BTC", "ETH"])
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_the_basis_is_between_closes_of_one_moment(
    venues: Market, spot: pd.DataFrame, shared: Path, asset: str, as_of: datetime
) -> None:
    closes = [
        frame[(frame.symbol == f"{asset}USDT") & (frame.known <= as_of)].close.iloc[-1]
        for frame in (_candles(shared / "data" / f"{PERPETUAL}.csv"), spot)
    ]
    reading = venues.read("basis", asset, as_of=as_of)
    assert reading.value == pytest.approx(closes[0] / closes[1] - 1, abs=1e-12)
    assert reading.source == f"{PERPETUAL} against {SPOT}"


@pytest.mark.parametrize("asset", ["BTC", "ETH"])
@pytest.mark.parametrize("window", [timedelta(days=1), timedelta(days=7), timedelta(days=90)], ids=str)
@pytest.mark.parametrize("as_of", [AS_OFS[0], AS_OFS[1], datetime(2022, 11, 9, 7, 59, tzinfo=UTC)], ids=str)
def test_funding(venues: Market, shared: Path, asset: str, window: timedelta, as_of: datetime) -> None:
    frame = pd.read_csv(shared / "data" / f"{FUNDING}.csv", parse_dates=["ts_utc"])
    frame = frame[(frame.symbol == f"{asset}USDT") & (frame.ts_utc <= as_of)]
    rates = frame[frame.ts_utc > as_of - window].funding_rate
    expected = {
        "funding_rate": frame.funding_rate.iloc[-1],
        "funding_average": rates.mean(),
        "funding_annualised": rates.mean() * 3 * 365,
        "funding_paid": 10_000 * rates.sum(),
    }
    for name, value in expected.items():
        reading = venues.read(name, asset, window, as_of)
        assert reading.value == pytest.approx(value, rel=1e-9), name
        assert reading.mode == "imported"
    short = venues.read("funding_paid", asset, window, as_of, {"notional": "25,000"})
    assert short.value == pytest.approx(25_000 * rates.sum(), rel=1e-9)


def test_the_index_changes_and_has_a_class(venues: Market, shared: Path) -> None:
    frame = pd.read_csv(shared / "data" / "fear_greed_daily_2018-02-01_2026-01-27.csv")
    by_day = frame.set_index(frame.columns[0])
    for day in ("2025-10-11", "2022-06-18", "2021-05-19", "2024-03-05"):
        noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        week_before = (noon - timedelta(days=7)).strftime("%Y-%m-%d")
        found = [next(row for key, row in by_day.iterrows() if str(key).startswith(at)) for at in (day, week_before)]
        change = venues.read("fear_greed_change", None, timedelta(days=7), noon)
        assert change.value == found[0]["value"] - found[1]["value"]
        assert venues.read("fear_greed_class", as_of=noon).value == found[0]["classification"]


def test_open_interest_of_a_real_reply(market: Market, shared: Path, tmp_path: Path) -> None:
    samples = json.loads((shared / "feeds" / "binance_futures.open_interest_rest.jsonl").read_text().splitlines()[0])
    frame = pd.DataFrame(samples)
    named = frame.assign(
        ts_utc=frame.timestamp, open_interest_coins=frame.sumOpenInterest, open_interest_usd=frame.sumOpenInterestValue
    )
    path = tmp_path / "open_interest.csv"
    named[["ts_utc", "symbol", "open_interest_coins", "open_interest_usd"]].to_csv(path, index=False)
    import_file(market.store, path, "open_interest", "Binance USD-M")
    usd, coins = (frame[name].astype(float) for name in ("sumOpenInterestValue", "sumOpenInterest"))
    as_of = datetime.fromtimestamp(frame.timestamp.iloc[-1] / 1_000, UTC)
    window = timedelta(milliseconds=int(frame.timestamp.iloc[-1] - frame.timestamp.iloc[0]))
    assert market.read("open_interest", "BNB", as_of=as_of).value == usd.iloc[-1]
    change = market.read("open_interest_change", "BNB", window, as_of)
    assert change.value == pytest.approx(usd.iloc[-1] / usd.iloc[0] - 1, abs=1e-12)
    in_coins = market.read("open_interest_change", "BNB", window, as_of, {"measure": "coins"})
    assert in_coins.value == pytest.approx(coins.iloc[-1] / coins.iloc[0] - 1, abs=1e-12)
