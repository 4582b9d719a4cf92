"""Compacting keeps what fine candles said of each whole hour; what no hourly candle could say is kept, or refused."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from market.compacting import Compacted, compact
from market.errors import NoData
from market.importing import ImportSummary
from market.market import Market
from market.tables import Kind
from tests.market.conftest import Row
from tests.market.rows import START, candles, file_of, liquidation

Load = Callable[[Kind, Sequence[Row]], ImportSummary]

HOUR = timedelta(hours=1)
HOURS = 48
END = START + HOURS * HOUR
KEEP = timedelta(hours=12)
CUT = END - KEEP

ALIKE = ("price", "change", "window_high", "window_low", "worst_hour", "worst_day", "distance_to_level")


@pytest.fixture
def rows() -> list[dict[str, object]]:
    """Two days of five-minute candles along a seeded walk."""
    walk, closes = random.Random(7), [100.0]  # noqa: S311 - reproducible on purpose
    for _ in range(HOURS * 12 - 1):
        closes.append(round(closes[-1] * (1 + walk.gauss(0, 0.004)), 4))
    return candles(closes)


def test_whole_windows_of_whole_hours_read_the_same_before_and_after(
    load: Load, market: Market, rows: list[dict[str, object]]
) -> None:
    load("candles", rows)
    moments = [(hours, window) for hours in (6, 24, 30, 47) for window in (3, 5)]
    read = {
        (name, hours, window): market.read(name, "BTC", window * HOUR, START + hours * HOUR)
        for name in ALIKE
        for hours, window in moments
        if window < hours
    }
    done = compact(market.store, KEEP, END)
    assert (done.made, done.removed) == (HOURS, (HOURS - 12) * 12)
    for (name, hours, window), before in read.items():
        after = market.read(name, "BTC", window * HOUR, START + hours * HOUR)
        assert after.value == pytest.approx(before.value, rel=1e-12), (name, hours, window)
        assert after.source == before.source
        if START + hours * HOUR <= CUT and name not in {"price", "distance_to_level", "change"}:
            assert "1-hour candles" in after.completeness


def test_volume_is_added_up_and_both_ends_are_those_of_the_hour(
    load: Load, market: Market, rows: list[dict[str, object]]
) -> None:
    load("candles", rows)
    compact(market.store, KEEP, END)
    with file_of(market).reading() as cursor:
        found = cursor.execute(
            "SELECT ts_utc, open, high, low, close, volume FROM candles "
            "WHERE source = 'test' AND interval_seconds = 3600 ORDER BY ts_utc"
        ).fetchall()
    assert len(found) == HOURS
    for hour, cells in enumerate(found):
        inside = rows[hour * 12 : hour * 12 + 12]
        assert cells == (
            (START + hour * HOUR).replace(tzinfo=None),
            inside[0]["open"],
            max(float(str(row["high"])) for row in inside),
            min(float(str(row["low"])) for row in inside),
            inside[-1]["close"],
            pytest.approx(18.0),
        )


def test_again_it_changes_nothing_and_a_dry_run_never_does(
    load: Load, market: Market, rows: list[dict[str, object]]
) -> None:
    load("candles", rows)
    before = _held(market)
    tried = compact(market.store, KEEP, END, dry_run=True)
    assert _held(market) == before
    done = compact(market.store, KEEP, END)
    assert tried == done.model_copy(update={"dry_run": True})
    after = _held(market)
    assert compact(market.store, KEEP, END) == Compacted(before=CUT, made=0, removed=0, dry_run=False)
    assert _held(market) == after
    assert load("candles", rows).new == done.removed
    assert compact(market.store, KEEP, END).removed == done.removed
    assert _held(market) == after


def test_an_hour_with_a_candle_missing_and_the_reconstruction_stay(
    load: Load, market: Market, rows: list[dict[str, object]]
) -> None:
    load("candles", [*rows[:30], *rows[31:]])
    reconstructed = _held(market, "reconstruction")
    compact(market.store, KEEP, END)
    assert _held(market, "reconstruction") == reconstructed
    with file_of(market).reading() as cursor:
        kept = cursor.execute(
            "SELECT count(*) FROM candles WHERE source = 'test' AND interval_seconds = 300 AND ts_utc < ?",
            [CUT.replace(tzinfo=None)],
        ).fetchall()
    assert kept == [(11,)]


def test_a_window_that_reaches_back_beyond_the_cut_has_a_series_that_covers_it(
    load: Load, market: Market, rows: list[dict[str, object]]
) -> None:
    load("candles", rows)
    compact(market.store, KEEP, END)
    long = market.read("window_low", "BTC", 40 * HOUR, END)
    assert long.completeness == "all 40 1-hour candles of the window are present"
    assert market.read("window_low", "BTC", 6 * HOUR, END).completeness.startswith("all 72 5-minute candles")


def test_a_span_shorter_than_the_candles_is_refused(load: Load, market: Market, rows: list[dict[str, object]]) -> None:
    load("candles", rows)
    at = CUT - HOUR
    short = {"within": "30m"}
    assert float(market.read("largest_drop", "BTC", 20 * HOUR, at, short).value) > 0
    compact(market.store, KEEP, END)
    with pytest.raises(NoData, match="coarser than the span"):
        market.read("largest_drop", "BTC", 20 * HOUR, at, short)


def test_liquidations_stay_row_by_row(load: Load, market: Market) -> None:
    load("liquidations", [liquidation(minute, "long", 10.0 + minute) for minute in range(300)])
    names = ("liquidations_total", "liquidations_largest", "cascades", "liquidations_largest_hour")
    before = [market.read(name, None, 5 * HOUR, START + 5 * HOUR) for name in names]
    compact(market.store, KEEP, END + timedelta(days=30))
    assert [market.read(name, None, 5 * HOUR, START + 5 * HOUR) for name in names] == before


def test_what_a_source_tells_of_an_hour_itself_is_kept(
    load: Load, market: Market, rows: list[dict[str, object]]
) -> None:
    load("candles", candles([500.0] * HOURS, minutes=60))
    load("candles", rows)
    assert compact(market.store, KEEP, END).made == 0
    assert market.read("price", "BTC", as_of=START + 5 * HOUR).value == 500


def _held(market: Market, mode: str = "imported") -> list[tuple[int, int, float, datetime]]:
    with file_of(market).reading() as cursor:
        found: list[tuple[int, int, float, datetime]] = cursor.execute(
            "SELECT interval_seconds, count(*), sum(close), max(ts_utc) FROM candles WHERE mode = ? "
            "GROUP BY interval_seconds ORDER BY interval_seconds",
            [mode],
        ).fetchall()
    return found
