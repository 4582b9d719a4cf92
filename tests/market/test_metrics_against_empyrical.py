"""Drawdown, volatility and beta against empyrical on real candles."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import empyrical
import numpy as np
import pandas as pd
import pytest

from market.market import Market

AS_OFS = [
    datetime(2025, 11, 5, tzinfo=UTC),
    datetime(2025, 10, 11, 0, 2, 30, tzinfo=UTC),
    datetime(2025, 4, 7, 12, tzinfo=UTC),
]
WINDOWS = [timedelta(hours=24), timedelta(hours=6), timedelta(hours=72)]
PER_YEAR = 365 * 288


@pytest.fixture(scope="module")
def frame(shared: Path) -> pd.DataFrame:
    found = pd.read_csv(shared / "data" / "binance_spot_5m_BTC_ETH_crash_windows_2025.csv", parse_dates=["ts_utc"])
    return found.assign(known=found.ts_utc + pd.Timedelta("5min"))


def closes(frame: pd.DataFrame, asset: str, window: timedelta, as_of: datetime) -> "pd.Series[float]":
    rows = frame[(frame.symbol == f"{asset}USDT") & (frame.known > as_of - window) & (frame.known <= as_of)]
    return rows.set_index("known").close


@pytest.mark.parametrize("asset", ["BTC", "ETH"])
@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_drawdown_and_volatility(
    real: Market, frame: pd.DataFrame, asset: str, window: timedelta, as_of: datetime
) -> None:
    close = closes(frame, asset, window, as_of)
    drawdown = real.read("max_drawdown", asset, window, as_of)
    assert drawdown.value == pytest.approx(-empyrical.max_drawdown(close.pct_change().dropna()), rel=1e-9)
    volatility = real.read("realised_volatility", asset, window, as_of)
    steps = np.diff(np.log(close.to_numpy()))
    assert volatility.value == pytest.approx(empyrical.annual_volatility(steps, annualization=PER_YEAR), rel=1e-9)
    assert math.isfinite(float(volatility.value))


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_beta(real: Market, frame: pd.DataFrame, window: timedelta, as_of: datetime) -> None:
    ether, bitcoin = (np.diff(np.log(closes(frame, asset, window, as_of).to_numpy())) for asset in ("ETH", "BTC"))
    assert real.read("beta_to_bitcoin", "ETH", window, as_of).value == pytest.approx(
        empyrical.beta(ether, bitcoin), rel=1e-9
    )
