"""The market store: one DuckDB file, opened for reading by many or for writing by one, safe to share by threads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from market.errors import StoreBusy, StoreUnusable
from market.migrations import can_migrate, migrate
from market.query import Bound, Query, Row
from market.tables import SCHEMA_VERSION, SCHEMAS, ColumnType, Table
from market.versions import Versions
from market.writing import Connection, Merged, Staging, merge

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from duckdb import DuckDBPyConnection, Statement

_SQL_TYPES: Mapping[ColumnType, str] = {
    "string": "VARCHAR",
    "float64": "DOUBLE",
    "int64": "BIGINT",
    "timestamp(6)": "TIMESTAMP",
}
_PREPARATION_SECONDS = 120

_NO_GAIN = "late_materialization,compressed_materialization"
"""Steps of DuckDB's planner that cost a reading an eighth of its time and gain it nothing: its windows are small."""


class AnyStore(Protocol):
    """What the rest of the room asks of a store, whatever engine it runs on."""

    def version(self, table: Table) -> int: ...

    def rows(self, key: object, build: "Callable[[], ir.Table]", values: Mapping[str, Bound]) -> list[Row]: ...

    def staging(self) -> "AbstractContextManager[Staging]": ...

    def writing(self, *tables: Table) -> "AbstractContextManager[Connection]": ...

    def close(self) -> None: ...


class Store:
    """Holds the rows and runs queries over them. Each table's version grows with every write of it."""

    def __init__(self, connection: "DuckDBPyConnection", path: Path, *, read_only: bool) -> None:
        self._connection = connection
        self._queries: dict[object, tuple[Query, Statement]] = {}
        self._one_writer = Lock()
        self._idle: list[DuckDBPyConnection] = []
        self.path = path
        self.read_only = read_only
        self.versions = Versions()

    @classmethod
    def open(cls, path: Path, *, read_only: bool = True) -> "Store":
        """Opens the store at `path`; the first opening creates it and writes the bundled reconstruction.

        A store of an older schema version is brought to this one first. Raises StoreBusy if another process holds
        it in a way that excludes this one, StoreUnusable if the file is something else or of a version from which
        no way leads here.
        """
        if not path.exists():
            _create(path)
        store = cls(_connect(path, read_only=read_only), path, read_only=read_only)
        found = store._found_version()
        if found is not None and can_migrate(found):
            store.close()
            _migrate(path)
            store = cls(_connect(path, read_only=read_only), path, read_only=read_only)
            found = store._found_version()
        if found != SCHEMA_VERSION:
            store.close()
            have = "no schema version" if found is None else f"schema version {found}"
            raise StoreUnusable(
                f"{path} has {have}, this program reads version {SCHEMA_VERSION}; "
                "update Market Pulse, or move the file away to start with a new store"
            )
        return store

    def close(self) -> None:
        # The file is free for others only when every cursor is closed.
        while self._idle:
            self._idle.pop().close()
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def version(self, table: Table) -> int:
        """Grows with every write of `table` through this object; nobody else writes to the file meanwhile."""
        return self.versions.of(table)

    def rows(self, key: object, build: "Callable[[], ir.Table]", values: Mapping[str, Bound]) -> list[Row]:
        """Runs the expression that `build` gives, with `values` in its placeholders.

        `key` identifies the expression: it is built, compiled and parsed the first time only.
        """
        with self.reading() as cursor:
            known = self._queries.get(key)
            if known is None:
                query = Query.compiled(build())
                known = self._queries[key] = query, cursor.extract_statements(query.sql)[0]
            query, statement = known
            cursor.execute(statement, query.bound(values))
            columns = [column[0] for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def reading(self) -> "Iterator[DuckDBPyConnection]":
        """A cursor for one thread, as DuckDB's are not safe to share; kept for the next, as making one takes time."""
        cursor = self._idle.pop() if self._idle else self._connection.cursor()
        try:
            yield cursor
        finally:
            self._idle.append(cursor)

    @contextmanager
    def writing(self, *tables: Table) -> "Iterator[DuckDBPyConnection]":
        """One transaction: all that is done in the block is kept, or, if it raises, none of it.

        `tables` are those that the block writes to; without any, it may be each of them.
        """
        with self.transaction(set(tables or SCHEMAS)) as cursor:
            yield cursor

    @contextmanager
    def transaction(self, tables: set[Table]) -> "Iterator[DuckDBPyConnection]":
        """As `writing`; what is written may be added to `tables` until the block ends.

        Transactions follow each other: of two at once each would add the row that the other adds as well.
        """
        with self._one_writer:
            with closing(self._connection.cursor()) as cursor:
                cursor.begin()
                try:
                    yield cursor
                except BaseException:
                    cursor.rollback()
                    raise
                cursor.commit()
            self.versions.grow(tables)

    @contextmanager
    def staging(self) -> "Iterator[Staging]":
        """One transaction in which rows are prepared and merged; as with `writing`, all of it or nothing."""
        merged: set[Table] = set()

        def into(table: Table, rows: str) -> Merged:
            merged.add(table)
            return merge(connection, table, rows)

        with self.transaction(merged) as connection:
            yield Staging(connection, into)

    def _found_version(self) -> int | None:
        import duckdb

        try:
            found = self._connection.execute("SELECT version FROM schema_version").fetchall()
        except duckdb.CatalogException:
            return None
        return int(found[0][0]) if found else None


def create_tables(connection: "DuckDBPyConnection") -> None:
    """Creates every declared table and notes the schema version."""
    for name, schema in SCHEMAS.items():
        columns = ", ".join(f'"{column}" {_SQL_TYPES[kind]}' for column, kind in schema.columns.items())
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
    connection.execute("CREATE TABLE schema_version (version INTEGER)")
    connection.execute("INSERT INTO schema_version VALUES (?)", [SCHEMA_VERSION])


def _create(path: Path) -> None:
    """Writes a complete store beside `path` and moves it there, so that nobody sees half of one."""
    from market.reconstruction import write_bundled_tapes

    path.parent.mkdir(parents=True, exist_ok=True)
    # Two first starts at once: the second waits and then finds the store made.
    with _alone(path, "created"):
        if path.exists():
            return
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with Store(_connect(draft, read_only=False), draft, read_only=False) as store:
            with store.writing() as connection:
                create_tables(connection)
            write_bundled_tapes(store)
        draft.replace(path)


def _migrate(path: Path) -> None:
    """Brings the store at `path` to this schema version in one transaction, unless another start has just done so."""
    with _alone(path, "migrated"):
        with Store(_connect(path, read_only=True), path, read_only=True) as seen:
            found = seen._found_version()
        if found is not None and can_migrate(found):
            with Store(_connect(path, read_only=False), path, read_only=False) as store, store.writing() as connection:
                migrate(connection.execute, found)


@contextmanager
def _alone(path: Path, doing: str) -> Iterator[None]:
    """Keeps other processes from doing the same to the store at `path`."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{path}.lock", timeout=_PREPARATION_SECONDS):
            yield
    except Timeout as error:
        raise StoreBusy(
            f"{path} is still being {doing} by another process after {_PREPARATION_SECONDS} s; "
            f"wait for it, or remove {path}.lock if none is running"
        ) from error


def _connect(path: Path, *, read_only: bool) -> "DuckDBPyConnection":
    import duckdb

    try:
        return duckdb.connect(str(path), read_only=read_only, config={"disabled_optimizers": _NO_GAIN})
    except (duckdb.IOException, duckdb.ConnectionException) as error:
        cause = str(error)
        if "lock" in cause or "different configuration" in cause:
            doing = "read" if read_only else "written to"
            raise StoreBusy(
                f"{path} cannot be {doing} while another process has it open; "
                "stop 'market-pulse serve' or wait for the running import, then try again"
            ) from error
        raise StoreUnusable(
            f"{path} is not a market store ({cause.splitlines()[0]}); move it away and a new one is created"
        ) from error
