"""Prepares checked rows for merging: exact duplicates dropped, contradictions refused, candle intervals found."""

# ruff: noqa: S608 - names come from the declared tables, values are bound

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from market.errors import ImportRefused
from market.importing.reading import SourceFile
from market.tables import TABLES, Kind
from market.writing import first_row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ADDED = {"mode", "source", "interval_seconds", "received_utc"}
"""Columns of the store that no file brings; when a row was received is known of streams only."""


@dataclass(frozen=True)
class Staged:
    """What was found while preparing. `intervals` gives the seconds of each symbol's candles."""

    duplicates: int
    unsorted: int
    first: datetime
    last: datetime
    intervals: Mapping[str, int]


def staged(
    connection: "DuckDBPyConnection", file: SourceFile, kind: Kind, source: str, known: Mapping[str, int]
) -> Staged:
    """Fills the temporary table `staged` from `incoming`, one row for each key, with the store's columns.

    `known` are the seconds of the candles that the store has of a symbol from this source.

    Raises ImportRefused if two rows of one key differ, or a symbol's candle interval cannot be known.
    """
    schema = TABLES[kind]
    key = [name for name in schema.key if name not in _ADDED]
    values = [name for name in schema.values if name not in _ADDED]
    _refuse_contradictions(connection, file, key, values)

    intervals = _intervals(connection, file, known) if kind == "candles" else {}
    columns = ", ".join(f'"{name}"' for name in (*key, *values))
    kept = f"SELECT DISTINCT {columns} FROM incoming"
    if intervals:
        connection.register("steps", _steps(intervals))
        kept = f"SELECT kept.*, steps.interval_seconds FROM ({kept}) kept JOIN steps USING (symbol)"
    received = ", CAST(NULL AS TIMESTAMP) AS received_utc" if "received_utc" in schema.columns else ""
    connection.execute(
        f"CREATE TEMP TABLE staged AS SELECT 'imported' AS mode, ? AS source, *{received} FROM ({kept})", [source]
    )
    if intervals:
        connection.unregister("steps")
    together = "PARTITION BY symbol" if "symbol" in key else ""
    found = first_row(
        connection,
        f"SELECT count(*), count(*) FILTER (ts_utc < before), min(ts_utc), max(ts_utc) FROM "
        f"(SELECT ts_utc, lag(ts_utc) OVER ({together} ORDER BY row) AS before FROM incoming)",
    )
    kept_rows = first_row(connection, "SELECT count(*) FROM staged")
    if found is None or kept_rows is None:
        raise ImportRefused(file.path, "the file has no rows", "give a file with rows")
    rows, unsorted, first, last = found
    return Staged(duplicates=rows - kept_rows[0], unsorted=unsorted, first=first, last=last, intervals=intervals)


def _refuse_contradictions(
    connection: "DuckDBPyConnection", file: SourceFile, key: list[str], values: list[str]
) -> None:
    names = ", ".join(f'"{name}"' for name in key)
    packed = ", ".join(f'"{name}"' for name in values)
    first = first_row(
        connection,
        f"SELECT min(row), min_by(ts_utc, row), {'min_by(symbol, row)' if 'symbol' in key else 'NULL'} "
        f"FROM incoming GROUP BY {names} HAVING count(DISTINCT ({packed})) > 1 ORDER BY 1 LIMIT 1",
    )
    if first is None:
        return
    row, at, symbol = first
    same = " AND ".join(f'o."{name}" = f."{name}"' for name in key)
    differs = " OR ".join(f'o."{name}" IS DISTINCT FROM f."{name}"' for name in values)
    other = first_row(
        connection, f"SELECT min(o.row) FROM incoming o, incoming f WHERE f.row = ? AND {same} AND ({differs})", [row]
    )
    lines = sorted({file.line(row), file.line(other[0])} if other else {file.line(row)})
    of = f" of {symbol}" if symbol else ""
    raise ImportRefused(
        file.path,
        f"lines {' and '.join(map(str, lines))} give different values for the same row{of} at {at:%Y-%m-%dT%H:%M:%SZ}",
        "keep the right one",
        line=lines[-1],
        column=values[0] if len(values) == 1 else "",
    )


def _intervals(connection: "DuckDBPyConnection", file: SourceFile, stored: Mapping[str, int]) -> Mapping[str, int]:
    """The most frequent step of each symbol; of a symbol with one candle, the interval the store has for it."""
    rows = connection.execute(
        "SELECT symbol, mode(step ORDER BY step) FROM (SELECT symbol, "
        "CAST(epoch(ts_utc) - epoch(lag(ts_utc) OVER (PARTITION BY symbol ORDER BY ts_utc)) AS BIGINT) AS step "
        "FROM (SELECT DISTINCT symbol, ts_utc FROM incoming)) GROUP BY symbol ORDER BY symbol"
    ).fetchall()
    intervals = {}
    for symbol, step in rows:
        known = step or stored.get(symbol)
        if not known:
            raise ImportRefused(
                file.path,
                f"the interval of the candles of {symbol} cannot be known from one candle",
                "add at least one more candle of that symbol",
                column="ts_utc",
            )
        intervals[symbol] = int(known)
    return intervals


def _steps(intervals: Mapping[str, int]) -> object:
    import pyarrow as pa

    return pa.table({"symbol": list(intervals), "interval_seconds": list(intervals.values())})
