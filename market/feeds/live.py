"""Pulled rows on their way into the store: checked by the same rules as imported files, merged as live data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from market.errors import MalformedMessage
from market.importing.checking import Unacceptable, typed
from market.importing.columns import COLUMNS
from market.tables import TABLES, Kind
from market.writing import Merged, Staging

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, object]
"""A row as an import file would hold it, with `ts_utc` in milliseconds; candles also carry `interval_seconds`."""


@dataclass(frozen=True)
class Pulled:
    """What a source gave for a feed, checked. `newest` is when the newest of the rows became known."""

    source: str
    table: "pa.Table | None"
    newest: datetime | None


def checked(kind: Kind, source: str, rows: Sequence[Row]) -> Pulled:
    """`rows` of `source` as a table for the store. Raises MalformedMessage with the first fault found."""
    import pyarrow as pa

    rows = _one_for_each_key(kind, rows)
    if not rows:
        return Pulled(source, None, None)
    columns = COLUMNS[kind]
    try:
        batch = pa.RecordBatch.from_pylist([{column.name: row[column.name] for column in columns} for row in rows])
        table = typed(batch, columns)
    except Unacceptable as refusal:
        raise MalformedMessage(f"it gave a row that cannot be: {refusal.fault.column}: {refusal}") from None
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise MalformedMessage(f"it gave rows that cannot be read: {error}") from error
    for name, value in (("mode", "live"), ("source", source)):
        table = table.append_column(name, pa.array([value] * len(rows)))
    if "interval_seconds" in TABLES[kind].columns:
        table = table.append_column("interval_seconds", pa.array([row["interval_seconds"] for row in rows]))
    return Pulled(source, table, max(_known_at(kind, row) for row in rows))


def write_pulled(staging: Staging, kind: Kind, pulled: Pulled) -> Merged:
    """Merges what was pulled, inside the caller's transaction."""
    if pulled.table is None:
        return Merged(new=0, changed=0, unchanged=0)
    return staging.merge_table(kind, pulled.table)


def _one_for_each_key(kind: Kind, rows: Sequence[Row]) -> list[Row]:
    """`rows` without those that came twice, as rows at the seam of two pages do."""
    key = [name for name in TABLES[kind].key if name not in {"mode", "source"}]
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def _known_at(kind: Kind, row: Row) -> datetime:
    opened = datetime.fromtimestamp(cast("int", row["ts_utc"]) / 1_000, UTC)
    lag = TABLES[kind].lag
    return opened + (timedelta(seconds=cast("int", row["interval_seconds"])) if lag is None else lag)
