"""Files of freqtrade and of Binance's archive import as they are; a dry run changes nothing; refusals are told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from market.errors import ImportRefused, NoData
from market.importing import import_file
from market.market import Market
from tests.market.conftest import Write
from tests.market.rows import START, candles

HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
    "taker_buy_volume,taker_buy_quote_volume,ignore\n"
)


def _real(shared: Path) -> pd.DataFrame:
    frame = pd.read_csv(shared / "data" / "binance_spot_5m_BTC_ETH_crash_windows_2025.csv", parse_dates=["ts_utc"])
    return frame[(frame.symbol == "ETHUSDT") & (frame.ts_utc >= "2025-11-04") & (frame.ts_utc < "2025-11-05")]


@pytest.mark.parametrize("ending", ["feather", "parquet", "csv"])
def test_freqtrade(ending: str, market: Market, shared: Path, tmp_path: Path) -> None:
    frame = _real(shared).rename(columns={"ts_utc": "date"}).drop(columns="symbol").reset_index(drop=True)
    path = tmp_path / f"ETH_USDT-5m.{ending}"
    getattr(frame, f"to_{ending}")(path, **({"index": False} if ending == "csv" else {}))
    summary = import_file(market.store, path, "candles")
    assert (summary.new, summary.assets, summary.interval) == (288, ("ETH",), "5-minute")
    low = market.read("window_low", "ETH", timedelta(hours=24), datetime(2025, 11, 5, tzinfo=UTC))
    assert (low.value, low.source) == (3_057.0, "ETH_USDT-5m")


def test_freqtrade_futures_are_perpetuals(market: Market, shared: Path, tmp_path: Path) -> None:
    frame = _real(shared).rename(columns={"ts_utc": "date"}).drop(columns="symbol").reset_index(drop=True)
    for name in ("ETH_USDT-5m.feather", "ETH_USDT_USDT-5m-futures.feather"):
        frame.to_feather(tmp_path / name)
        import_file(market.store, tmp_path / name, "candles")
    assert market.read("basis", "ETH", as_of=datetime(2025, 11, 5, tzinfo=UTC)).value == 0


@pytest.mark.parametrize("header", ["", HEADER], ids=["without a header", "with a header"])
@pytest.mark.parametrize("unit", ["ms", "us"])
def test_binance_archive(header: str, unit: str, market: Market, shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "ETHUSDT-5m-2025-11-04.csv"
    scale = 1_000 if unit == "ms" else 1_000_000
    lines = [
        f"{int(row['ts_utc'].timestamp()) * scale},{row['open']},{row['high']},{row['low']},{row['close']},"
        f"{row['volume']},{int(row['ts_utc'].timestamp() + 300) * scale - 1},1.0,1,1.0,1.0,0"
        for row in _real(shared).to_dict("records")
    ]
    path.write_text(header + "\n".join(lines) + "\n")
    summary = import_file(market.store, path, "candles")
    assert (summary.new, summary.assets, summary.interval) == (288, ("ETH",), "5-minute")
    assert summary.first == datetime(2025, 11, 4, tzinfo=UTC)


def test_without_a_symbol_anywhere_the_column_is_named(market: Market, tmp_path: Path, shared: Path) -> None:
    path = tmp_path / "prices.csv"
    _real(shared).drop(columns="symbol").to_csv(path, index=False)
    with pytest.raises(ImportRefused, match="column 'symbol': the column is missing"):
        import_file(market.store, path, "candles")


def test_the_line_of_a_fault_is_right_without_a_header(market: Market, tmp_path: Path) -> None:
    path = tmp_path / "ETHUSDT-5m-2025-11-04.csv"
    good = "1762214400000,10,11,9,10,5,0,1,1,1,1,0\n"
    path.write_text(good + "1762214700000,10,11,9,-10,5,0,1,1,1,1,0\n")
    with pytest.raises(ImportRefused, match=r"\.csv:2: column 'close'"):
        import_file(market.store, path, "candles")


def test_a_dry_run_tells_and_changes_nothing(market: Market, write: Write) -> None:
    path = write("mine.csv", candles([1.0, 2.0], symbol="XRPUSDT"))
    summary = import_file(market.store, path, "candles", dry_run=True)
    assert (summary.new, summary.dry_run) == (2, True)
    assert summary.told().startswith("dry run, nothing was changed: 2 rows of XRP")
    assert "XRP" not in {one.asset for one in market._catalog.series("candles")}
    assert import_file(market.store, path, "candles").new == 2
    assert import_file(market.store, path, "candles", dry_run=True).unchanged == 2


def test_wrong_rows_are_left_out_and_told_with_the_reason(market: Market, write: Write) -> None:
    rows = candles([1.0, 2.0, 3.0, 4.0, 5.0], symbol="XRPUSDT")
    rows[1] = {**rows[1], "close": "-2"}
    rows[3] = {**rows[3], "ts_utc": "yesterday"}
    path = write("mine.csv", rows)
    with pytest.raises(ImportRefused):
        import_file(market.store, path, "candles")
    with pytest.raises(NoData):
        market.read("price", "BTC", as_of=START)
    summary = import_file(market.store, path, "candles", skip_wrong=True)
    assert (summary.rows, summary.new, summary.refused) == (5, 3, 2)
    # Faults of one column are found before those of the next.
    assert summary.refusals[0] == "line 5, column 'ts_utc': 'yesterday' is not a moment"
    assert summary.refusals[1].startswith("line 3, column 'close': -2")
    assert "2 refused" in summary.told()


def test_a_file_with_nothing_right_is_refused(market: Market, write: Write) -> None:
    rows = [{**row, "close": "x"} for row in candles([1.0, 2.0])]
    with pytest.raises(ImportRefused, match="every row of it is wrong"):
        import_file(market.store, write("mine.csv", rows), "candles", skip_wrong=True)
