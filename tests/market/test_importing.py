"""A file is imported whole or refused whole; what can be merged is merged and said."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from market.errors import ImportRefused
from market.importing import ImportSummary, import_file
from market.market import Market
from market.tables import Kind
from tests.market.conftest import Row, Write
from tests.market.rows import START, candles, file_of, iso, liquidation

Load = Callable[[Kind, Sequence[Row]], ImportSummary]

EXAMPLES = count()
"""Each example of a property imports under a source of its own."""

GOOD = candles([100.0, 101.0, 99.0, 100.5])
LIQUIDATIONS = [liquidation(1, "long", 500.0), liquidation(2, "short", 250.0, "ETH/USDT", "OKX")]


def test_a_first_import_is_all_new_and_a_second_changes_nothing(load: Load, market: Market) -> None:
    first = load("candles", GOOD)
    assert (first.new, first.changed, first.unchanged, first.duplicates) == (4, 0, 0, 0)
    assert first.assets == ("BTC",)
    assert first.interval == "5-minute"
    assert (first.first, first.last) == (START, datetime(2026, 3, 1, 0, 15, tzinfo=UTC))
    before = _all(market, "candles")
    again = load("candles", GOOD)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)
    assert _all(market, "candles") == before


def test_changed_values_are_updated_and_counted(load: Load, market: Market) -> None:
    load("candles", GOOD)
    revised = [*GOOD[:3], {**GOOD[3], "close": 100.25}]
    summary = load("candles", revised)
    assert (summary.new, summary.changed, summary.unchanged) == (0, 1, 3)
    assert market.read("price").value == 100.25


def test_rows_out_of_order_are_sorted_and_said(load: Load) -> None:
    summary = load("candles", [GOOD[2], GOOD[0], GOOD[3], GOOD[1]])
    assert (summary.new, summary.unsorted) == (4, 2)
    assert "2 out of time order were sorted" in summary.told()


def test_exact_duplicates_are_counted_once(load: Load) -> None:
    summary = load("candles", [*GOOD, GOOD[1], GOOD[1]])
    assert (summary.new, summary.duplicates, summary.rows) == (4, 2, 6)
    assert "2 exact duplicates left out" in summary.told()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    closes=st.lists(st.floats(1, 1e6).map(lambda value: round(value, 2)), min_size=2, max_size=40),
    shuffling=st.randoms(use_true_random=False),
)
def test_a_shuffled_import_with_repeats_is_the_sorted_import(
    closes: list[float], shuffling: random.Random, market: Market, write: Write
) -> None:
    rows = candles(closes)
    example = next(EXAMPLES)
    import_file(market.store, write("sorted.csv", rows), "candles", f"sorted {example}")
    mixed = [*rows, *rows[:2]]
    shuffling.shuffle(mixed)
    shuffled = write("shuffled.csv", mixed)
    import_file(market.store, shuffled, "candles", f"shuffled {example}")
    import_file(market.store, shuffled, "candles", f"shuffled {example}")
    assert _all(market, "candles", f"shuffled {example}") == _all(market, "candles", f"sorted {example}")


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("close", "", "the cell is empty"),
        ("close", "abc", "'abc' is not a number"),
        ("close", "1,5", "cells"),
        ("close", "nan", "'nan' is not a number"),
        ("close", "inf", "'inf' is not a number"),
        ("close", "1e999", "not a finite number"),
        ("close", "0", "is not above zero"),
        ("close", "-3", "is not above zero"),
        ("volume", "-1", "below 0"),
        ("high", "50", "lies below the low"),
        ("open", "500", "the open of 500 lies outside low to high"),
        ("close", "500", "the close of 500 lies outside low to high"),
        ("ts_utc", "", "the cell is empty"),
        ("ts_utc", "yesterday", "'yesterday' is not a moment"),
        ("ts_utc", "2026-13-01T00:00:00Z", "is not a moment"),
        ("ts_utc", "1762293600", "outside 2009 to 2100"),
        ("symbol", "", "the cell is empty"),
        ("symbol", "BTC USDT", "is not a symbol"),
        ("symbol", "ETH/BTC", "quoted in BTC"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place_and_nothing_is_kept(
    column: str, cell: str, problem: str, load: Load, market: Market
) -> None:
    before = _all(market, "candles")
    bad = [GOOD[0], {**GOOD[1], column: cell}, *GOOD[2:]]
    with pytest.raises(ImportRefused, match=problem) as refusal:
        load("candles", bad)
    assert refusal.value.line == 3
    if problem != "cells":
        assert refusal.value.column == column
    assert "nothing was imported" in str(refusal.value)
    assert _all(market, "candles") == before


@pytest.mark.parametrize("side", ["buy", "SELL", "", "both"])
def test_a_side_that_is_no_position_is_refused(side: str, load: Load) -> None:
    with pytest.raises(ImportRefused, match="column 'side'"):
        load("liquidations", [{**LIQUIDATIONS[0], "side": side}])


@pytest.mark.parametrize("column", ["ts_utc", "symbol", "open", "high", "low", "close", "volume"])
def test_a_missing_column_is_named_with_those_needed(column: str, load: Load) -> None:
    rows = [{name: cell for name, cell in row.items() if name != column} for row in GOOD]
    with pytest.raises(ImportRefused, match="name its columns ts_utc,symbol,open,high,low,close,volume") as refusal:
        load("candles", rows)
    assert (refusal.value.column, refusal.value.line) == (column, 1)


def test_two_different_rows_for_one_moment_are_refused_with_both_lines(load: Load) -> None:
    with pytest.raises(ImportRefused, match="lines 3 and 6 give different values for the same row of BTCUSDT"):
        load("candles", [*GOOD, {**GOOD[1], "close": 100.75}])


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.csv", "", "the file is empty"),
        ("header.csv", "ts_utc,symbol,open,high,low,close,volume\n", "a header and no rows"),
        ("blank.csv", "\n\n", "the column is missing"),
        ("short.csv", "ts_utc,symbol,open,high,low,close,volume\n2026-03-01T00:00:00Z,BTCUSDT,1,1\n", "4 cells"),
        ("words.xlsx", "x", "cannot be read"),
        ("fake.parquet", "not parquet at all", "is not Parquet"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    name: str, content: str, problem: str, tmp_path: Path, market: Market
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ImportRefused, match=problem):
        import_file(market.store, path, "candles")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, market: Market) -> None:
    with pytest.raises(ImportRefused, match="there is no such file"):
        import_file(market.store, tmp_path / "nothing.csv", "candles")


def test_the_line_is_right_behind_blank_lines(tmp_path: Path, market: Market) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("ts_utc,usd\n\n2026-03-01T00:00:00Z,1\n\n\n2026-03-01T00:01:00Z,none\n")
    with pytest.raises(ImportRefused) as refusal:
        import_file(market.store, path, "market_cap")
    assert refusal.value.line == 6


@pytest.mark.parametrize(
    "header",
    ["ts_utc,usd", "\ufeffts_utc,usd", " ts_utc , usd ", '"ts_utc","usd"', "usd,ts_utc", "ts_utc,note,usd"],
    ids=["plain", "byte order mark", "spaces", "quotes", "other order", "more columns"],
)
def test_headers_are_read_as_programs_write_them(header: str, tmp_path: Path, market: Market) -> None:
    cells = {"ts_utc": "2026-03-01T00:00:00Z", "usd": "3e12", "note": "x"}
    row = ",".join(cells[name.strip(' "\ufeff')] for name in header.split(","))
    path = tmp_path / "caps.csv"
    path.write_text(f"{header}\r\n{row}\r\n", encoding="utf-8")
    assert import_file(market.store, path, "market_cap").new == 1


def test_a_row_with_too_few_cells_is_named_by_its_line(tmp_path: Path, market: Market) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("ts_utc,usd\n2026-03-01T00:00:00Z,1\n2026-03-01T00:01:00Z\n")
    with pytest.raises(ImportRefused, match="the row has 1 cells, the header 2") as refusal:
        import_file(market.store, path, "market_cap")
    assert refusal.value.line == 3


def test_a_parquet_column_of_another_type_is_refused(market: Market, tmp_path: Path) -> None:
    parquet.write_table(pa.table({"ts_utc": [iso(START)], "usd": [[1.0, 2.0]]}), tmp_path / "lists.parquet")
    with pytest.raises(ImportRefused, match="a type that cannot be read"):
        import_file(market.store, tmp_path / "lists.parquet", "market_cap")


def test_one_candle_alone_has_no_interval(load: Load) -> None:
    with pytest.raises(ImportRefused, match="add at least one more candle"):
        load("candles", GOOD[:1])


def test_one_more_candle_of_a_known_series_keeps_its_interval(load: Load) -> None:
    load("candles", GOOD[:3])
    assert load("candles", GOOD[3:]).interval == "5-minute"


def test_each_symbol_keeps_its_own_interval(load: Load) -> None:
    summary = load("candles", [*GOOD, *candles([10.0, 11.0, 12.0], 60, "ETH-USD")])
    assert summary.interval == "5-minute, 1-hour"
    assert summary.assets == ("BTC", "ETH")


def test_milliseconds_and_iso_times_are_the_same_moment(load: Load, write: Write, market: Market) -> None:
    load("market_cap", [{"ts_utc": iso(START), "usd": 3e12}])
    epoch = [{"ts_utc": int(START.timestamp() * 1000), "usd": 3e12}]
    assert import_file(market.store, write("epoch.csv", epoch), "market_cap", "test").unchanged == 1
    offset = [{"ts_utc": "2026-03-01T02:00:00+02:00", "usd": 3e12}, {"ts_utc": "2026-03-01", "usd": 3e12}]
    summary = import_file(market.store, write("offset.csv", offset), "market_cap", "test")
    assert (summary.unchanged, summary.duplicates) == (1, 1)


@pytest.mark.parametrize("moments", ["text", "timestamp", "zoned", "milliseconds"])
def test_parquet_is_the_same_as_csv(moments: str, load: Load, market: Market, tmp_path: Path) -> None:
    load("candles", GOOD)
    frame: dict[str, list[object]] = {name: [row[name] for row in GOOD] for name in GOOD[0]}
    times = [datetime.fromisoformat(str(cell)) for cell in frame["ts_utc"]]
    if moments == "milliseconds":
        frame["ts_utc"] = [int(time.timestamp() * 1000) for time in times]
    elif moments != "text":
        frame["ts_utc"] = list(times if moments == "zoned" else [time.replace(tzinfo=None) for time in times])
    parquet.write_table(pa.table(frame), tmp_path / "candles.parquet")
    summary = import_file(market.store, tmp_path / "candles.parquet", "candles", "test")
    assert (summary.new, summary.changed, summary.unchanged) == (0, 0, 4)


def test_parquet_is_checked_like_csv(market: Market, tmp_path: Path) -> None:
    frame = {name: [row[name] for row in GOOD] for name in GOOD[0]}
    frame["close"] = [100.0, float("nan"), 99.0, 100.5]
    parquet.write_table(pa.table(frame), tmp_path / "bad.parquet")
    with pytest.raises(ImportRefused, match="not a finite number") as refusal:
        import_file(market.store, tmp_path / "bad.parquet", "candles")
    assert (refusal.value.line, refusal.value.column) == (2, "close")


def test_every_kind_of_file_can_be_imported(load: Load) -> None:
    at = iso(START)
    assert load("liquidations", LIQUIDATIONS).assets == ("BTC", "ETH")
    assert load("funding", [{"ts_utc": at, "symbol": "BTCUSDT", "funding_rate": -0.0001, "mark_price": ""}]).new == 1
    interest = {"ts_utc": at, "symbol": "BTCUSDT", "open_interest_coins": 10, "open_interest_usd": 1e6}
    assert load("open_interest", [interest]).new == 1
    assert load("sentiment", [{"ts_utc": at, "value": 21}]).new == 1
    assert load("market_cap", [{"ts_utc": at, "usd": 3.4e12}]).new == 1


def test_two_equal_liquidations_at_other_prices_are_two(load: Load) -> None:
    other = {**LIQUIDATIONS[0], "price": 100.5}
    assert load("liquidations", [LIQUIDATIONS[0], other]).new == 2


def test_a_column_that_is_not_needed_is_left_aside(load: Load) -> None:
    assert load("candles", [{**row, "trades": 12} for row in GOOD]).new == 4


def test_the_source_is_the_name_of_the_file_unless_given(market: Market, write: Write) -> None:
    assert import_file(market.store, write("venue-x.csv", GOOD), "candles").source == "venue-x"


def test_a_file_larger_than_a_block_is_read_in_parts_and_told(market: Market, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = 300_000
    start = int(START.timestamp() * 1000)
    with path.open("w") as lines:
        lines.write("ts_utc,usd\n")
        lines.writelines(f"{start + number * 1000},{3_000_000_000_000 + number}\n" for number in range(rows))
        lines.write(f"{start + rows * 1000},nonsense\n")
    told: list[int] = []
    with pytest.raises(ImportRefused) as refusal:
        import_file(market.store, path, "market_cap", progress=lambda done, _total: told.append(done))
    assert refusal.value.line == rows + 2
    path.write_text(path.read_text().replace("nonsense", "1"))
    summary = import_file(market.store, path, "market_cap", progress=lambda done, _total: told.append(done))
    assert summary.new == rows + 1
    assert told == sorted(told[: len(told) // 2]) + sorted(told[len(told) // 2 :])
    assert told[-1] == path.stat().st_size


def test_the_one_bad_row_of_the_real_files_is_found(shared: Path, market: Market) -> None:
    path = shared / "data" / "cryptocompare_BTC-USD_1h_2019-11-20_2025-05-13.csv"
    with pytest.raises(ImportRefused, match=r"the open of 33,287\.7 lies outside low to high") as refusal:
        import_file(market.store, path, "candles")
    assert refusal.value.line == 9860
    assert "BTC-USD" not in str(_all(market, "candles", path.stem))


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("binance_spot_1h_BTC_ETH_2024-09-14_2026-01-27.csv", "candles", 24_048),
        ("binance_usdm_mark_price_1h_BTC_ETH_2024-12-31_2026-01-27.csv", "candles", 18_864),
        ("binance_usdm_funding_8h_BTC_ETH_2019-09_2026-01-27.csv", "funding", 13_756),
        ("fear_greed_daily_2018-02-01_2026-01-27.csv", "sentiment", 2_914),
    ],
)
def test_the_real_files_import_as_they_are(name: str, kind: Kind, rows: int, shared: Path, market: Market) -> None:
    summary = import_file(market.store, shared / "data" / name, kind)
    assert (summary.new, summary.duplicates, summary.unsorted) == (rows, 0, 0)


def _all(market: Market, kind: Kind, source: str | None = None) -> list[tuple[object, ...]]:
    """Every row of a table, or of one source in it without the source's name, in a fixed order."""
    with file_of(market).writing() as connection:
        if source is None:
            return sorted(connection.table(kind).fetchall(), key=str)
        query = f"SELECT * EXCLUDE source FROM {kind} WHERE source = ?"  # noqa: S608 - a name of ours
        return sorted(connection.execute(query, [source]).fetchall(), key=str)
