"""Merges rows into a table by natural key: new ones are added, changed ones updated, equal ones left alone."""

# ruff: noqa: S608 - names come from the declared tables, values are bound

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

from market.tables import SCHEMAS, Table

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection


class Connection(Protocol):
    """What DuckDB's and PostgreSQL's connections have in common."""

    def execute(self, query: Any, parameters: Any = ..., /) -> Any: ...


class Merged(BaseModel):
    """How many rows were new, had other values before, or were already there."""

    model_config = ConfigDict(frozen=True)

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Staging:
    """A transaction under way: DuckDB in which rows are prepared, and how they get from there into the store."""

    connection: "DuckDBPyConnection"
    merge: Callable[[Table, str], Merged]

    def merge_table(self, kind: Table, table: "pa.Table") -> Merged:
        """Merges an Arrow table that has the columns of `kind` and one row for each key."""
        self.connection.register("arrow_rows", table)
        merged = self.merge(kind, "arrow_rows")
        self.connection.unregister("arrow_rows")
        return merged

    def merge_rows(self, kind: Table, rows: Sequence[Mapping[str, object]]) -> Merged:
        """Merges rows that have the columns of `kind` and one row for each key; columns they lack are empty."""
        import pyarrow as pa

        if not rows:
            return Merged(new=0, changed=0, unchanged=0)
        columns = SCHEMAS[kind].columns
        return self.merge_table(kind, pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows]))


def merge(connection: Connection, kind: Table, incoming: str) -> Merged:
    """Merges the relation named `incoming`, which has the table's columns and one row for each key.

    Runs inside the caller's transaction. Rows are written in time order, so that a window is found by the
    statistics of few blocks.
    """
    schema = SCHEMAS[kind]
    same_key = " AND ".join(f't."{name}" = i."{name}"' for name in schema.key)
    differs = " OR ".join(f't."{name}" IS DISTINCT FROM i."{name}"' for name in schema.values) or "FALSE"
    joined = f'"{kind}" t JOIN "{incoming}" i ON {same_key}'
    total = _count(connection, f'"{incoming}"')
    present = _count(connection, joined)
    changed = _count(connection, f"{joined} WHERE {differs}")
    columns = ", ".join(f'"{name}"' for name in schema.columns)
    connection.execute(f'DELETE FROM "{kind}" t USING "{incoming}" i WHERE {same_key} AND ({differs})')
    connection.execute(
        f'INSERT INTO "{kind}" ({columns}) SELECT {columns} FROM "{incoming}" i '
        f'WHERE NOT EXISTS (SELECT 1 FROM "{kind}" t WHERE {same_key}) '
        f"ORDER BY {', '.join(schema.order)}"
    )
    return Merged(new=total - present, changed=changed, unchanged=present - changed)


def first_row(connection: Connection, query: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """The first row of a result that is read to its end: one left half-read blocks the connection."""
    rows = connection.execute(query, list(values)).fetchall()
    return rows[0] if rows else None


def _count(connection: Connection, relation: str) -> int:
    found = first_row(connection, f"SELECT count(*) FROM {relation}")
    return int(found[0]) if found else 0
