"""A store that an older version wrote is brought to this schema with every row in place, or left alone."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from market.errors import StoreBusy
from market.market import STORE_FILE, Market
from market.migrations import STEPS
from market.settings import MarketSettings
from market.store import Store, _migrate
from market.tables import SCHEMA_VERSION
from tests.market.conftest import WALL

BACK_TO_VERSION_1 = (
    "ALTER TABLE liquidations DROP COLUMN received_utc",
    "DROP TABLE stream_gaps",
    "DROP TABLE feed_states",
    "UPDATE schema_version SET version = 1",
)
"""Undoes what version 2 added, for either engine."""


@pytest.fixture
def old(pristine: Path, tmp_path: Path) -> Path:
    """A store as version 1 left it."""
    path = tmp_path / STORE_FILE
    path.write_bytes(pristine.read_bytes())
    with Store.open(path, read_only=False) as store, store.writing() as connection:
        for statement in BACK_TO_VERSION_1:
            connection.execute(statement)
    return path


@pytest.mark.parametrize("read_only", [True, False])
def test_an_old_store_becomes_one_of_this_version(read_only: bool, old: Path, pristine: Path) -> None:
    with Store.open(old, read_only=read_only) as migrated, Store.open(pristine) as made:
        assert _columns(migrated) == _columns(made)
        counted = "SELECT count(*), sum(usd), count(received_utc) FROM liquidations"
        assert _all(migrated, counted) == _all(made, counted)


def test_readings_of_a_migrated_store_are_those_of_before(old: Path, replayed: Market) -> None:
    market = Market.open(old.parent, MarketSettings(), wall=lambda: WALL)
    for name in ("liquidations_total", "price", "max_drawdown", "fear_greed"):
        assert market.read(name) == replayed.read(name)
    market.close()


def test_every_version_before_this_one_has_a_step() -> None:
    assert sorted(STEPS) == list(range(1, SCHEMA_VERSION))


def test_an_opening_that_saw_the_old_version_finds_it_migrated_by_another(old: Path) -> None:
    Store.open(old).close()
    with Store.open(old) as reader:
        _migrate(old)
        assert _all(reader, "SELECT version FROM schema_version") == [(SCHEMA_VERSION,)]


def test_a_migration_that_fails_leaves_the_old_store(old: Path) -> None:
    with duckdb.connect(str(old)) as connection:
        connection.execute("CREATE TABLE feed_states (in_the_way INTEGER)")
    with pytest.raises(duckdb.CatalogException, match="feed_states"):
        Store.open(old)
    with duckdb.connect(str(old), read_only=True) as connection:
        assert connection.execute("SELECT version FROM schema_version").fetchall() == [(1,)]
        assert "received_utc" not in [row[0] for row in connection.execute("DESCRIBE liquidations").fetchall()]


def test_an_old_store_that_another_process_holds_is_busy(old: Path) -> None:
    code = "import duckdb, sys; held = duckdb.connect(sys.argv[1], read_only=True); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(old)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreBusy, match="cannot be written to while another process"):
            Store.open(old)
        holder.communicate("\n")
    Store.open(old).close()


def _columns(store: Store) -> Sequence[tuple[object, ...]]:
    query = "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY 1, ordinal_position"
    return _all(store, query)


def _all(store: Store, query: str) -> Sequence[tuple[object, ...]]:
    with store._connection.cursor() as cursor:
        return cursor.execute(query).fetchall()
