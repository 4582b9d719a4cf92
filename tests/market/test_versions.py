"""A write to one table leaves what is known of the others; whoever writes, the next reading sees it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from market.compacting import compact
from market.importing import import_file
from market.market import STORE_FILE, Market
from market.postgres import PostgresStore
from market.served import ServedStore
from market.settings import MarketSettings
from market.store import AnyStore, Store
from market.tables import SCHEMAS, Table
from tests.market.conftest import WALL, Write
from tests.market.rows import candles, file_of, liquidation
from tests.postgres import postgres_server


@pytest.fixture(params=["file", "served", "server"])
def store(request: pytest.FixtureRequest, pristine: Path, tmp_path: Path) -> Iterator[AnyStore]:
    """Each of the stores there are, open for writing."""
    if request.param == "server":
        with postgres_server(tmp_path) as url, closing(PostgresStore.open(url)) as remote:
            yield remote
        return
    shutil.copy(pristine, tmp_path / STORE_FILE)
    with closing(Market.open(tmp_path, MarketSettings(), read_only=False)) as market:
        if request.param == "file":
            yield market.store
            return
        with market.serving():
            served = ServedStore.of(tmp_path)
            assert served is not None
            yield served
            served.close()


def test_a_write_moves_the_version_of_its_own_table_alone(store: AnyStore, write: Write) -> None:
    before = _versions(store)
    import_file(store, write("some.csv", [liquidation(0, "long", 5.0)]), "liquidations", "mine")
    assert _moved(before, store) == {"liquidations"}
    before = _versions(store)
    import_file(store, write("candles.csv", candles([1.0] * 12)), "candles", "mine")
    assert _moved(before, store) == {"candles"}
    before = _versions(store)
    compact(store, WALL - WALL.replace(day=1), WALL)
    assert _moved(before, store) == {"candles"}
    before = _versions(store)
    with store.writing() as connection:
        connection.execute("DELETE FROM sentiment")
    assert _moved(before, store) == set(SCHEMAS)


def test_what_is_known_of_candles_stays_while_liquidations_are_written(
    market: Market, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = market.read("price")
    path = write("some.csv", [liquidation(0, "long", 5.0)])
    asked: list[object] = []
    monkeypatch.setattr(Store, "rows", _noting(asked))
    import_file(market.store, path, "liquidations", "mine")
    assert market.read("price", as_of=before.as_of) == before
    assert [key for key in asked if isinstance(key, tuple) and key[0] in {"catalog", "usable"}] == [
        ("catalog", "liquidations")
    ]


def test_what_another_process_writes_to_a_server_is_seen(tmp_path: Path, write: Write) -> None:
    with postgres_server(tmp_path) as url:
        one, other = (Market.open(tmp_path, MarketSettings(store_url=url), wall=lambda: WALL) for _ in range(2))
        assert one.read("price").source == "reconstruction of 4 November 2025"
        before = _versions(one.store)
        import_file(other.store, write("candles.csv", candles([100.0, 101.0])), "candles", "mine")
        assert one.read("price").value == 101
        assert _moved(before, one.store) == {"candles"}
        one.close()
        other.close()


def test_a_failed_write_moves_no_version(market: Market) -> None:
    before = _versions(market.store)

    def fails() -> None:
        with file_of(market).writing("candles"):
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fails()
    assert _moved(before, market.store) == set()


def _versions(store: AnyStore) -> dict[Table, int]:
    return {table: store.version(table) for table in SCHEMAS}


def _moved(before: dict[Table, int], store: AnyStore) -> set[Table]:
    return {table for table, version in _versions(store).items() if version != before[table]}


def _noting(asked: list[object]) -> object:
    rows = Store.rows

    def noting(store: Store, key: object, *others: object) -> object:
        asked.append(key)
        return rows(store, key, *others)  # type: ignore[arg-type]

    return noting
