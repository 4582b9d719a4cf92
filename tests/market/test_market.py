"""Which data a reading stands on, when it is, and what is said when there is none."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from market.errors import InvalidInput, NoData, UnknownAsset, UnknownMetric
from market.importing import ImportSummary, import_file
from market.market import Market
from market.settings import MarketSettings
from market.tables import Kind
from tests.market.conftest import WALL, Row, Write
from tests.market.rows import START, candles, file_of, iso

Load = Callable[[Kind, Sequence[Row]], ImportSummary]

REPLAY = datetime(2025, 11, 5, tzinfo=UTC)


def test_with_nothing_imported_the_clock_replays_the_reconstruction(replayed: Market) -> None:
    assert replayed.now() == REPLAY
    status = replayed.status()
    assert (status.mode, status.as_of, status.latest, status.stale) == ("reconstruction", REPLAY, REPLAY, False)
    assert status.source == "reconstruction of 4 November 2025"


def test_the_replay_can_be_set_elsewhere(pristine: Path) -> None:
    moment = datetime(2025, 11, 4, 22, tzinfo=UTC)
    market = Market.open(pristine.parent, MarketSettings(replay_at=moment))
    assert market.now() == moment
    assert market.read("liquidations_total").as_of == moment


def test_imported_candles_set_the_clock_to_their_last_close(load: Load, market: Market) -> None:
    load("candles", candles([100.0, 101.0]))
    assert market.now() == START + timedelta(minutes=10)
    assert market.status().mode == "imported"


def test_an_imported_index_alone_sets_the_clock_but_not_past_imported_prices(load: Load, market: Market) -> None:
    load("sentiment", [{"ts_utc": "2026-05-01", "value": 30}])
    assert market.now() == datetime(2026, 5, 1, 0, 5, tzinfo=UTC)
    assert market.read("fear_greed").value == 30
    load("candles", candles([100.0, 101.0]))
    assert market.now() == START + timedelta(minutes=10)


def test_fresh_live_rows_set_the_clock_to_the_wall_and_stale_ones_do_not(market: Market) -> None:
    _go_live(market, WALL - timedelta(minutes=3))
    assert market.now() == WALL
    assert market.status().mode == "live"
    assert market.read("price").mode == "live"
    _go_live(market, WALL - timedelta(hours=3))
    assert market.now() == REPLAY


def test_live_goes_before_imported_and_imported_before_the_reconstruction(market: Market, write: Write) -> None:
    rows = [{**row, "ts_utc": iso(REPLAY + timedelta(minutes=5 * n - 10))} for n, row in enumerate(candles([1.0, 2.0]))]
    assert market.read("price", as_of=REPLAY).mode == "reconstruction"
    import_file(market.store, write("mine.csv", rows), "candles", "mine")
    reading = market.read("price", as_of=REPLAY)
    assert (reading.mode, reading.source, reading.value) == ("imported", "mine", 2.0)
    with file_of(market).writing() as connection:
        connection.execute("UPDATE candles SET mode = 'live' WHERE source = 'mine'")
    assert market.read("price", as_of=REPLAY).mode == "live"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((5, 15), "5"), ((15, 5), "5"), ((60, 15), "15")],
    ids=["finer first", "finer last", "fresher"],
)
def test_among_imported_the_freshest_then_the_finest_is_taken(
    minutes: tuple[int, int], expected: str, market: Market, write: Write
) -> None:
    for step in minutes:
        rows = candles([100.0] * (75 // step + 1), step)
        import_file(market.store, write(f"{step}.csv", rows), "candles", str(step))
    assert market.read("price", as_of=START + timedelta(minutes=75)).source == expected


def test_a_series_that_covers_the_window_goes_before_a_finer_one_that_does_not(market: Market, write: Write) -> None:
    import_file(market.store, write("hours.csv", candles([100.0] * 24, 60)), "candles", "hours")
    late = [
        {**row, "ts_utc": iso(START + timedelta(hours=23, minutes=5 * n))}
        for n, row in enumerate(candles([100.0] * 12))
    ]
    import_file(market.store, write("late.csv", late), "candles", "late")
    end = START + timedelta(hours=24)
    assert market.read("max_drawdown", "BTC", timedelta(hours=24), end).source == "hours"
    assert market.read("max_drawdown", "BTC", timedelta(hours=1), end).source == "late"


def test_a_source_can_be_forced(market: Market, write: Write) -> None:
    for name, price in (("a", 100.0), ("b", 200.0)):
        import_file(market.store, write(f"{name}.csv", candles([price, price])), "candles", name)
    assert market.read("price").value == 100
    assert market.read("price", params={"source": "b"}).value == 200
    with pytest.raises(NoData, match="from source 'c'"):
        market.read("price", params={"source": "c"})


def test_old_rows_are_no_reading_and_the_message_says_what_there_is(market: Market) -> None:
    with pytest.raises(NoData) as refusal:
        market.read("price", "BTC", as_of=datetime(2025, 12, 1, tzinfo=UTC))
    message = str(refusal.value)
    assert "no reading of price as of 2025-12-01T00:00:00Z" in message
    assert "reconstruction 'reconstruction of 4 November 2025' 1-minute candles (BTC) from 2025-11-03T00:01Z" in message
    assert "choose an as-of time within these" in message


@pytest.mark.parametrize("as_of", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)])
def test_outside_everything_there_is_no_reading_and_no_status(as_of: datetime, replayed: Market) -> None:
    for name in replayed.metrics():
        with pytest.raises(NoData):
            replayed.read(name, as_of=as_of)
    assert replayed.status(as_of).mode == "none"


def test_an_older_row_is_used_within_the_limit_and_its_age_is_said(load: Load, market: Market) -> None:
    load("candles", candles([100.0, 101.0]))
    later = START + timedelta(minutes=10) + timedelta(hours=6)
    reading = market.read("price", as_of=later)
    assert reading.value == 101
    assert reading.completeness.endswith("6.0 hours before the as-of time")
    assert market.status(later).stale


def test_a_window_that_begins_before_the_stored_rows_says_so(replayed: Market) -> None:
    noon = datetime(2025, 11, 3, 12, tzinfo=UTC)
    reading = replayed.read("liquidations_total", as_of=noon)
    assert reading.completeness.startswith("lower bound: exchange liquidation streams are throttled")
    assert "stored rows begin within the window, at 2025-11-03T00:00" in reading.completeness
    assert "begin within" not in replayed.read("liquidations_total").completeness


def test_an_asset_without_candles_has_no_price(replayed: Market) -> None:
    assert "SOL" in replayed.assets()
    with pytest.raises(NoData, match="the store holds no candles of SOL"):
        replayed.read("price", "SOL")


def test_unknown_names_list_what_exists(replayed: Market) -> None:
    with pytest.raises(
        UnknownMetric, match="max_drawdown, open_interest, open_interest_change, price, realised_volatility"
    ):
        replayed.read("vibes")
    with pytest.raises(UnknownAsset, match="ADA, BNB, BTC"):
        replayed.read("price", "NOPE")
    with pytest.raises(UnknownAsset):
        replayed.read("price", "'; --")


@pytest.mark.parametrize("spelling", ["BTC", "btc", "BTCUSDT", "BTC/USDT", "XBTUSD"])
def test_an_asset_may_be_written_as_a_symbol(spelling: str, replayed: Market) -> None:
    assert replayed.read("price", spelling).asset == "BTC"


@pytest.mark.parametrize(
    ("name", "asset", "params", "reason"),
    [
        ("price", "ALL", {}, "speaks of one asset"),
        ("market_cap", "BTC", {}, "speaks of the whole market"),
        ("price", None, {"level": "1"}, "takes no parameter 'level'; it takes source"),
        ("max_drawdown", None, {"basis": "open"}, "it is one of close, touch"),
        ("distance_to_level", None, {"level": "high"}, "must be a number above 0"),
        ("distance_to_level", None, {"level": "-5"}, "must be a number above 0"),
        ("distance_to_level", None, {"level": "nan"}, "must be a number above 0"),
        ("recovery_time", None, {"share": "1.5"}, "must be a number above 0, up to 1"),
        ("largest_drop", None, {"within": "soon"}, "is not a duration"),
    ],
)
def test_parameters_given_wrongly_are_refused(
    name: str, asset: str | None, params: dict[str, str], reason: str, replayed: Market
) -> None:
    with pytest.raises(InvalidInput, match=reason):
        replayed.read(name, asset, params=params)


def test_a_window_must_be_longer_than_nothing_and_an_as_of_must_have_a_zone(replayed: Market) -> None:
    with pytest.raises(InvalidInput, match="longer than nothing"):
        replayed.read("change", window=timedelta(0))
    with pytest.raises(InvalidInput, match="names no zone"):
        replayed.read("price", as_of=datetime(2025, 11, 5))  # noqa: DTZ001 - the fault under test


def test_a_metric_without_a_window_leaves_it_aside(replayed: Market) -> None:
    assert replayed.read("price", window=timedelta(hours=3)).window is None
    assert replayed.read("change", window=timedelta(hours=3)).window == "3h"


def _go_live(market: Market, newest: datetime) -> None:
    with file_of(market).writing() as connection:
        connection.execute("DELETE FROM candles WHERE mode = 'live'")
        connection.execute(
            "INSERT INTO candles VALUES ('live', 'venue', 'BTC', 'BTCUSDT', 60, ?, 1, 1, 1, 1, 1)",
            [(newest - timedelta(minutes=1)).replace(tzinfo=None)],
        )
