"""The market store that another process of this home holds, used through that process as if it were here."""

# ruff: noqa: S608 - names come from the declared tables, values are bound

import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from market.errors import StoreBusy, StoreUnusable
from market.query import Bound, Query, Row
from market.tables import SCHEMAS, Table
from market.wire import HOST, Message, Note, read, written
from market.writing import Merged, Staging, merge

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from duckdb import DuckDBPyConnection

_SECONDS_TO_GREET = 5


class ServedStore:
    """Each table's version is the one that the holder told last; it grows with every write, whoever made it."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._queries: dict[object, Query] = {}
        self._lock = Lock()
        self._line = _Line(note)
        self._versions = self._line.versions

    @classmethod
    def of(cls, home: Path) -> "ServedStore | None":
        """The store of `home` if a running process offers it; a note left by one that is no more counts for nothing."""
        note = Note.left_in(home)
        try:
            return None if note is None else cls(note)
        except OSError:
            return None

    def close(self) -> None:
        self._line.close()

    def version(self, table: Table) -> int:
        return self._versions[table]

    def rows(self, key: object, build: "Callable[[], ir.Table]", values: Mapping[str, Bound]) -> list[Row]:
        """As the rows of the DuckDB store."""
        query = self._queries.get(key)
        if query is None:
            query = self._queries[key] = Query.compiled(build())
        with self._lock:
            found = self._line.ask({"do": "execute", "sql": query.sql, "values": query.bound(values)})
        self._versions = found["versions"]
        return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]

    @contextmanager
    def writing(self, *tables: Table) -> Iterator["_Transaction"]:
        """One transaction in the process that holds the store; waits for those of others. Left early, it is undone."""
        with self._transaction(set(tables or SCHEMAS)) as there:
            yield there

    @contextmanager
    def staging(self) -> Iterator[Staging]:
        """Rows are prepared here, in memory; the transaction begins with the first that are merged."""
        import duckdb

        from market.store import create_tables

        with ExitStack() as stack:
            prepared = stack.enter_context(duckdb.connect())
            create_tables(prepared)
            transactions: list[_Transaction] = []
            tables: set[Table] = set()

            def merged(table: Table, relation: str) -> Merged:
                if not transactions:
                    transactions.append(stack.enter_context(self._transaction(tables)))
                tables.add(table)
                return _merge(transactions[0], prepared, table, relation)

            yield Staging(prepared, merged)

    @contextmanager
    def _transaction(self, tables: set[Table]) -> Iterator["_Transaction"]:
        line = _Line(self._note)
        try:
            line.ask({"do": "begin"})
            yield _Transaction(line)
            self._versions = line.ask({"do": "commit", "tables": sorted(tables)})["versions"]
        finally:
            line.close()


class _Transaction:
    """Runs statements there, in order."""

    def __init__(self, line: "_Line") -> None:
        self._line = line

    def execute(self, query: str, parameters: Sequence[object] = (), /) -> "_Found":
        found = self._line.ask({"do": "execute", "sql": query, "values": list(parameters)})
        return _Found([tuple(row) for row in found["rows"]])


class _Found:
    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows


class _Line:
    """One connection: a message, a reply. Raises OSError where nobody answers to the note."""

    def __init__(self, note: Note) -> None:
        self._socket = socket.create_connection((HOST, note.port), timeout=_SECONDS_TO_GREET)
        self._file = self._socket.makefile("rwb")
        self._file.write(note.token.encode() + b"\n")
        self._file.flush()
        greeted = self._file.readline()
        if not greeted:
            self.close()
            raise ConnectionRefusedError("another program listens there")
        self.versions: Mapping[Table, int] = read(greeted)["versions"]
        # From here on a reply takes as long as the statement does.
        self._socket.settimeout(None)

    def ask(self, message: Message) -> Message:
        """The reply. Raises StoreUnusable if the statement failed there, StoreBusy if the process went away."""
        try:
            self._file.write(written(message))
            self._file.flush()
            line = self._file.readline()
        except OSError:
            line = b""
        if not line:
            raise StoreBusy("the process that holds the market store has stopped; nothing was changed, try again")
        reply = read(line)
        if "error" in reply:
            raise StoreUnusable(
                f"the process that holds the market store could not do it ({str(reply['error']).splitlines()[0]}); "
                "stop 'market-pulse serve' and try again"
            )
        return reply

    def close(self) -> None:
        # What may still be unsent is for nobody any more.
        with suppress(OSError):
            self._file.close()
        self._socket.close()


def _merge(there: _Transaction, prepared: "DuckDBPyConnection", table: Table, relation: str) -> Merged:
    columns = ", ".join(f'"{name}"' for name in SCHEMAS[table].columns)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "rows.parquet").replace("'", "''")
        prepared.execute(f"COPY (SELECT {columns} FROM \"{relation}\") TO '{file}' (FORMAT parquet)")
        there.execute(f"CREATE TEMP TABLE incoming AS SELECT * FROM read_parquet('{file}')")
    merged = merge(there, table, "incoming")
    there.execute("DROP TABLE incoming")
    return merged
