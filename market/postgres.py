"""The market store on a PostgreSQL server: the same tables, the same expressions, many writers."""

# ruff: noqa: S608 - names come from the declared tables, values are bound

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from market.errors import StoreUnusable
from market.migrations import can_migrate, migrate
from market.query import Bound, Cell, Query, Row
from market.tables import SCHEMA_VERSION, SCHEMAS, TABLES, ColumnType, Table
from market.versions import Versions
from market.writing import Connection, Merged, Staging, merge

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg
    from duckdb import DuckDBPyConnection

_SQL_TYPES: Mapping[ColumnType, str] = {
    "string": "TEXT",
    "float64": "DOUBLE PRECISION",
    "int64": "BIGINT",
    "timestamp(6)": "TIMESTAMP",
}

_CREATION_LOCK = 0x6D61726B
"""Held while the tables are made: of two first starts at once the second waits."""

_WRITTEN = "market_written"
"""The channel on which every writer tells, as its transaction ends, which tables it wrote to."""


class PostgresStore:
    """One connection, used by one thread at a time. Each table's version grows with every write, whoever made it."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._queries: dict[object, Query] = {}
        self._lock = RLock()
        self._versions = Versions()

    @classmethod
    def open(cls, url: str) -> "PostgresStore":
        """Connects to `url`; the first opening makes the tables and writes the bundled reconstruction.

        Tables of an older schema version are brought to this one. Raises StoreUnusable if the server cannot be
        reached or holds tables of a version from which no way leads here.
        """
        import psycopg

        try:
            connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise StoreUnusable(
                f"the market store on PostgreSQL cannot be opened ({reason}); "
                "check MARKET_PULSE_MARKET_STORE_URL and that the server runs"
            ) from error
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute(f"LISTEN {_WRITTEN}")
        store = cls(connection)
        store._prepare()
        return store

    def close(self) -> None:
        self._connection.close()

    def version(self, table: Table) -> int:
        """Grows with every write of `table`, also by another process, which the server then tells of."""
        # While another thread has the connection the news wait: they are there for the next reading.
        if self._lock.acquire(blocking=False):
            try:
                for news in self._connection.notifies(timeout=0):
                    if news.pid != self._connection.info.backend_pid:
                        self._versions.grow(table for table in SCHEMAS if table in news.payload.split())
            finally:
                self._lock.release()
        return self._versions.of(table)

    def rows(self, key: object, build: "Callable[[], ir.Table]", values: Mapping[str, Bound]) -> list[Row]:
        """As the rows of the DuckDB store; exact decimals, which this engine likes to give, become floats."""
        query = self._queries.get(key)
        if query is None:
            query = self._queries[key] = Query.compiled(build(), "postgres")
        with self._lock, self._connection.cursor() as cursor:
            cursor.execute(query.sql, query.bound(values))
            columns = [column.name for column in cursor.description or ()]
            return [dict(zip(columns, map(_cell, row), strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def writing(self, *tables: Table) -> Iterator[Connection]:
        """As the writing of the DuckDB store."""
        with self._transaction(set(tables or SCHEMAS)) as connection:
            yield connection

    @contextmanager
    def staging(self) -> Iterator[Staging]:
        """One transaction; rows are prepared in a DuckDB of its own, in memory, and copied over to be merged."""
        import duckdb

        merged: set[Table] = set()

        def into(table: Table, rows: str) -> Merged:
            merged.add(table)
            return self._merge(prepared, table, rows)

        with duckdb.connect() as prepared, self._transaction(merged):
            _create_duckdb_tables(prepared)
            yield Staging(prepared, into)

    @contextmanager
    def _transaction(self, tables: set[Table]) -> Iterator["psycopg.Connection[Any]"]:
        """What is written in the block may be added to `tables` until it ends."""
        with self._lock:
            with self._connection.transaction():
                yield self._connection
                self._connection.execute("SELECT pg_notify(%s, %s)", [_WRITTEN, " ".join(sorted(tables))])
            self._versions.grow(tables)

    def _merge(self, prepared: "DuckDBPyConnection", table: Table, relation: str) -> Merged:
        schema = SCHEMAS[table]
        columns = ", ".join(f'"{name}"' for name in schema.columns)
        declared = ", ".join(f'"{name}" {_SQL_TYPES[type_]}' for name, type_ in schema.columns.items())
        self._connection.execute(f"CREATE TEMP TABLE incoming ({declared}) ON COMMIT DROP")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows.csv"
            prepared.execute(f"COPY (SELECT {columns} FROM \"{relation}\") TO '{file}' (HEADER false, NULLSTR '\\N')")
            copying = f"COPY incoming ({columns}) FROM STDIN (FORMAT csv, NULL '\\N')"
            with self._connection.cursor() as cursor, cursor.copy(copying) as copy, file.open("rb") as rows:
                while block := rows.read(1 << 20):
                    copy.write(block)
        self._connection.execute("ANALYZE incoming")
        merged = merge(self._connection, table, "incoming")
        self._connection.execute("DROP TABLE incoming")
        return merged

    def _prepare(self) -> None:
        from market.reconstruction import write_bundled_tapes

        with self._lock:
            self._connection.execute("SELECT pg_advisory_lock(%s)", [_CREATION_LOCK])
            try:
                if self._found_version() is None:
                    # One transaction around both: tables without the reconstruction are never seen.
                    with self._connection.transaction():
                        self._create()
                        write_bundled_tapes(self)
                found = self._found_version()
                if found is not None and can_migrate(found):
                    with self._connection.transaction():
                        migrate(self._connection.execute, found, postgres=True)
                    found = self._found_version()
            finally:
                self._connection.execute("SELECT pg_advisory_unlock(%s)", [_CREATION_LOCK])
        if found != SCHEMA_VERSION:
            self.close()
            raise StoreUnusable(
                f"the market store on PostgreSQL has schema version {found}, this program reads version "
                f"{SCHEMA_VERSION}; update Market Pulse, or give it a database of its own"
            )

    def _found_version(self) -> int | None:
        there = self._connection.execute("SELECT to_regclass('schema_version')").fetchone()
        if there is None or there[0] is None:
            return None
        found = self._connection.execute("SELECT version FROM schema_version").fetchone()
        return None if found is None else int(found[0])

    def _create(self) -> None:
        for name, schema in SCHEMAS.items():
            columns = ", ".join(f'"{column}" {_SQL_TYPES[type_]}' for column, type_ in schema.columns.items())
            key = ", ".join(f'"{column}"' for column in schema.key)
            self._connection.execute(f'CREATE TABLE "{name}" ({columns}, PRIMARY KEY ({key}))')
            if name in TABLES:
                first = ", ".join(f'"{column}"' for column in schema.order)
                self._connection.execute(f'CREATE INDEX ON "{name}" ({first})')
                self._connection.execute(f'CREATE INDEX ON "{name}" (ts_utc)')
        self._connection.execute("CREATE TABLE schema_version (version INTEGER)")
        self._connection.execute("INSERT INTO schema_version VALUES (%s)", [SCHEMA_VERSION])


def _create_duckdb_tables(connection: "DuckDBPyConnection") -> None:
    from market.store import create_tables

    create_tables(connection)


def _cell(cell: object) -> Cell:
    return float(cell) if isinstance(cell, Decimal) else cast("Cell", cell)
