"""Metrics agree with independent pandas computations on real candles."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from market.market import Market

AS_OFS = [
    datetime(2025, 11, 5, tzinfo=UTC),
    datetime(2025, 11, 4, 21, 37, tzinfo=UTC),
    datetime(2025, 10, 11, 0, 2, 30, tzinfo=UTC),
    datetime(2025, 4, 7, 12, tzinfo=UTC),
]
WINDOWS = [timedelta(hours=24), timedelta(hours=6), timedelta(minutes=50)]


@pytest.fixture(scope="module")
def candles(shared: Path) -> pd.DataFrame:
    frame = pd.read_csv(shared / "data" / "binance_spot_5m_BTC_ETH_crash_windows_2025.csv", parse_dates=["ts_utc"])
    return frame.assign(known=frame.ts_utc + pd.Timedelta("5min"))


@pytest.mark.parametrize("asset", ["BTC", "ETH"])
@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_every_metric_of_a_window(
    real: Market, candles: pd.DataFrame, asset: str, window: timedelta, as_of: datetime
) -> None:
    of_asset = candles[candles.symbol == f"{asset}USDT"]
    rows = of_asset[(of_asset.known > as_of - window) & (of_asset.known <= as_of)]
    before = of_asset[of_asset.known <= as_of - window]
    assert len(rows) == window / timedelta(minutes=5)
    close = rows.close
    steps = (close / close.shift()).map(math.log, na_action="ignore").dropna()
    expected = {
        "change": close.iloc[-1] / before.close.iloc[-1] - 1,
        "max_drawdown": (1 - close / close.cummax()).max(),
        "realised_volatility": steps.std(ddof=1) * math.sqrt(365 * 24 * 12),
        "window_high": rows.high.max(),
        "window_low": rows.low.min(),
    }
    for name, value in expected.items():
        reading = real.read(name, asset, window, as_of)
        assert reading.value == pytest.approx(value, rel=1e-9, abs=1e-12), name
        assert (reading.mode, reading.source) == ("imported", "spot 5m")
    touch = real.read("max_drawdown", asset, window, as_of, {"basis": "touch"})
    assert touch.value == pytest.approx((1 - rows.low / rows.high.cummax()).max(), abs=1e-12)
    assert real.read("window_low", asset, window, as_of, {"basis": "close"}).value == close.min()


def test_the_day_of_the_crash_exactly(real: Market, candles: pd.DataFrame) -> None:
    as_of = datetime(2025, 11, 5, tzinfo=UTC)
    bitcoin = candles[candles.symbol == "BTCUSDT"]
    close = bitcoin.close[(bitcoin.known > as_of - timedelta(hours=24)) & (bitcoin.known <= as_of)]
    reading = real.read("max_drawdown", "BTC", timedelta(hours=24), as_of)
    assert abs(float(reading.value) - float((1 - close / close.cummax()).max())) < 1e-12
    assert reading.sample_size == len(close) == 288
    assert reading.completeness == "all 288 5-minute candles of the window are present"
    contract = "metric value unit asset window as_of source mode sample_size completeness formula"
    assert list(reading.model_dump(mode="json")) == contract.split()
    assert reading.model_dump(mode="json")["as_of"] == "2025-11-05T00:00:00Z"


@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_highs_and_drawdowns_of_the_history(real: Market, candles: pd.DataFrame, as_of: datetime) -> None:
    rows = candles[(candles.symbol == "BTCUSDT") & (candles.known <= as_of)]
    assert real.read("price", "BTC", as_of=as_of).value == rows.close.iloc[-1]
    assert real.read("all_time_high", "BTC", as_of=as_of).value == rows.close.max()
    assert real.read("all_time_high", "BTC", as_of=as_of, params={"basis": "touch"}).value == rows.high.max()
    drawdown = real.read("drawdown_from_ath", "BTC", as_of=as_of)
    assert drawdown.value == pytest.approx(1 - rows.close.iloc[-1] / rows.close.max(), abs=1e-12)
    assert drawdown.sample_size == len(rows)


def test_the_published_lows_are_found(real: Market) -> None:
    day = timedelta(hours=24)
    low = real.read("window_low", "BTC", day, datetime(2025, 11, 5, tzinfo=UTC))
    assert low.value == 98_944.36
    assert "2025-11-04T21:40Z" in low.formula
    assert real.read("window_low", "BTC", day, datetime(2025, 10, 11, tzinfo=UTC)).value == 102_000


def test_the_real_index(real: Market) -> None:
    noon = datetime(2025, 11, 4, 12, tzinfo=UTC)
    reading = real.read("fear_greed", as_of=noon)
    assert (reading.value, reading.mode) == (21, "imported")
    assert "Extreme Fear" in reading.formula
