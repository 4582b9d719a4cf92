"""PostgreSQL gives the readings that DuckDB gives, from the same metric code."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from market.compacting import compact
from market.errors import ImportRefused, MarketError, NoData, StoreUnusable
from market.feeds.gaps import Gap, read_gaps
from market.feeds.keeping import keep
from market.feeds.liquidation import Liquidation
from market.feeds.states import FeedState, read_states
from market.importing import import_file
from market.market import STORE_FILE, Market
from market.metrics import metrics
from market.postgres import PostgresStore
from market.reading import Reading
from market.settings import MarketSettings
from market.tables import table
from tests.market.conftest import WALL, Write
from tests.market.rows import candles
from tests.market.test_migrations import BACK_TO_VERSION_1
from tests.market.whole import REAL, fill
from tests.postgres import postgres_server

if TYPE_CHECKING:
    import psycopg

DAY = timedelta(days=1)
MOMENTS = [
    datetime(2025, 11, 4, 21, 37, 12, tzinfo=UTC),
    datetime(2025, 10, 11, 2, tzinfo=UTC),
]
PARAMS: list[tuple[str, dict[str, str]]] = [
    ("max_drawdown", {"basis": "touch"}),
    ("all_time_high", {"basis": "touch"}),
    ("window_low", {"basis": "close"}),
    ("open_interest_change", {"measure": "coins"}),
    ("liquidations_at_venue", {"venue": "bybit"}),
    ("largest_drop", {"within": "15m"}),
    ("volume_spike", {"within": "30m"}),
    ("recovery_time", {"share": "0.25"}),
    ("time_below_level", {"level": "104000"}),
    ("distance_to_level", {"level": "95000"}),
    ("funding_paid", {"notional": "25000"}),
    ("cascade_largest", {"times": "2"}),
    ("cascades", {"times": "1.5"}),
    ("liquidations_compared", {"other": "2025-10-10T12:00:00Z"}),
    ("drawdown_compared", {"other": "2025-10-10T12:00:00Z"}),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="module")
def both(
    server: str, pristine: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Market, Market]]:
    """The same imports in a DuckDB file and on the server."""
    home = tmp_path_factory.mktemp("duckdb")
    shutil.copy(pristine, home / STORE_FILE)
    embedded = Market.open(home, MarketSettings(), read_only=False, wall=lambda: WALL)
    remote = Market.open(home, MarketSettings(store_url=server), read_only=False, wall=lambda: WALL)
    summaries = [fill(market.store, shared, home) for market in (embedded, remote)]
    assert summaries[0] == summaries[1]
    yield embedded, remote
    embedded.close()
    remote.close()


@pytest.mark.parametrize("as_of", MOMENTS, ids=str)
@pytest.mark.parametrize("name", list(metrics()))
def test_every_metric_is_the_same(both: tuple[Market, Market], name: str, as_of: datetime) -> None:
    for source in (None, "reconstruction of 4 November 2025"):
        for asset in {None, "ETH"} if metrics()[name].scope != "market" else {None}:
            params = {} if source is None else {"source": source}
            _assert_alike(*(_said(market, name, asset, as_of, params) for market in both))


@pytest.mark.parametrize("as_of", MOMENTS, ids=str)
@pytest.mark.parametrize(("name", "params"), PARAMS)
def test_every_parameter_is_the_same(
    both: tuple[Market, Market], name: str, params: dict[str, str], as_of: datetime
) -> None:
    assert {one.name for one in metrics()[name].parameters} >= params.keys()
    _assert_alike(*(_said(market, name, None, as_of, params) for market in both))


def test_every_parameter_is_tried() -> None:
    known = {one.name for metric in metrics().values() for one in metric.parameters}
    assert known == {param for _, params in PARAMS for param in params} | {"source"}


def test_importing_again_changes_nothing(both: tuple[Market, Market], shared: Path) -> None:
    name, kind = REAL[3]
    for market in both:
        summary = import_file(market.store, shared / "data" / f"{name}.csv", kind)
        assert (summary.new, summary.changed) == (0, 0)


def test_a_refused_file_leaves_nothing(both: tuple[Market, Market], write: Write) -> None:
    rows = [*candles([1.0, 2.0], symbol="XRPUSDT"), {**candles([3.0], symbol="XRPUSDT")[0], "close": -1}]
    _, remote = both
    with pytest.raises(ImportRefused):
        import_file(remote.store, write("bad.csv", rows), "candles")
    with pytest.raises(NoData):
        remote.read("price", "XRP")


def test_what_streams_heard_is_kept_once_with_its_gaps_and_states(both: tuple[Market, Market]) -> None:
    heard = datetime(2026, 11, 20, 12, tzinfo=UTC)
    row = Liquidation(heard, heard, "OKX", "BTC-USDT-SWAP", "BTC", "long", 100.0, 2.0, 200.0)
    gap = Gap("OKX", heard - timedelta(hours=2), heard - timedelta(hours=1))
    state = FeedState(
        name="liquidations OKX",
        kind="liquidations",
        asset=None,
        source="OKX",
        checked=heard,
        answered=heard,
        newest=heard,
    )
    told = []
    for market in both:
        assert keep(market.store, [row], [gap], [state]).new == 1
        later = replace(row, received=heard + timedelta(hours=1))
        filled = replace(gap, backfilled=("BTC",))
        merged = keep(market.store, [later, row], [filled], [state.model_copy(update={"error": "broken"})])
        assert (merged.new, merged.changed, merged.unchanged) == (0, 0, 1)
        (kept,) = [one for one in market.store.rows("all", lambda: table("liquidations"), {}) if one["mode"] == "live"]
        assert kept["received_utc"] == heard.replace(tzinfo=None)
        assert read_gaps(market.store) == [filled]
        assert read_states(market.store)["liquidations OKX"].error == "broken"
        told.append([market.read("liquidations_total", asset, DAY, heard) for asset in ("BTC", None)])
    assert told[0] == told[1]
    assert "not heard in the window: OKX for 60 minutes" in told[0][1].completeness
    assert "not heard" not in told[0][0].completeness


def test_tables_of_an_old_version_are_migrated(server: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE old")
    url = server.removesuffix("/postgres") + "/old"
    PostgresStore.open(url).close()
    with psycopg.connect(url) as connection:
        made = _described(connection)
        for statement in BACK_TO_VERSION_1:
            connection.execute(statement)
    PostgresStore.open(url).close()
    with psycopg.connect(url) as connection:
        assert _described(connection) == made
        found = connection.execute("SELECT count(*) > 0, count(received_utc) FROM liquidations").fetchone()
    assert found == (True, 0)


def test_compacting_does_the_same_on_both(both: tuple[Market, Market]) -> None:
    now, keep = datetime(2025, 11, 6, tzinfo=UTC), timedelta(days=20)
    tried = [compact(market.store, keep, now, dry_run=True) for market in both]
    done = [compact(market.store, keep, now) for market in both]
    assert done[0].made > 100
    assert done[0].removed > 1_000
    assert done[1] == done[0]
    assert [one.model_copy(update={"dry_run": False}) for one in tried] == done
    for name in ("price", "window_low", "max_drawdown", "worst_hour", "largest_drop", "basis", "all_time_high"):
        told = [_said(market, name, "BTC", datetime(2025, 10, 11, tzinfo=UTC), {}) for market in both]
        assert isinstance(told[0], Reading)
        assert told[0] == told[1]


def test_a_server_that_is_not_there_is_said_in_one_line() -> None:
    with pytest.raises(StoreUnusable, match="MARKET_PULSE_MARKET_STORE_URL"):
        PostgresStore.open("postgresql://nobody@127.0.0.1:9/none")


def _assert_alike(embedded: Reading | str, remote: Reading | str) -> None:
    if isinstance(embedded, str) or isinstance(remote, str):
        assert remote == embedded
        return
    value = embedded.value
    assert remote.value == (value if isinstance(value, str) else pytest.approx(value, rel=1e-9))
    assert remote.model_dump(exclude={"value"}) == embedded.model_dump(exclude={"value"})


def _said(market: Market, name: str, asset: str | None, as_of: datetime, params: dict[str, str]) -> Reading | str:
    try:
        return market.read(name, asset, DAY, as_of, params)
    except MarketError as error:
        return str(error)


def _described(connection: "psycopg.Connection[tuple[object, ...]]") -> list[tuple[object, ...]]:
    """Every column and every index of the tables, and the version."""
    columns = connection.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
        "ORDER BY table_name, ordinal_position"
    ).fetchall()
    indexes = connection.execute("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 2")
    return [*columns, *indexes.fetchall(), *connection.execute("SELECT version FROM schema_version").fetchall()]
