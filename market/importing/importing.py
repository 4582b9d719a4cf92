"""Imports one file: reads and checks it in batches, then merges it into the store in one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from market.durations import interval_text
from market.errors import ImportRefused
from market.importing.checking import Unacceptable, typed
from market.importing.columns import COLUMNS
from market.importing.reading import SourceFile
from market.importing.staging import staged
from market.series import aware, stored_intervals
from market.store import AnyStore
from market.tables import TABLES, Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Progress = Callable[[int, int], None]
"""Told how many bytes of the file are done, and how many it has."""


class ImportSummary(BaseModel):
    """What an import did. `rows` is how many the file held; `interval` is of candles, as text such as "5-minute".

    Of the rows, `duplicates` repeated another row exactly and `unsorted` stood after a later one.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    source: str
    new: int
    changed: int
    unchanged: int
    duplicates: int
    unsorted: int
    rows: int
    assets: tuple[str, ...]
    first: datetime
    last: datetime
    interval: str | None

    def told(self) -> str:
        """The summary in a few plain words."""
        parts = [f"{self.new:,} new", f"{self.changed:,} updated", f"{self.unchanged:,} already there"]
        if self.duplicates:
            parts.append(f"{self.duplicates:,} exact duplicates left out")
        if self.unsorted:
            parts.append(f"{self.unsorted:,} out of time order were sorted")
        of = f" of {', '.join(self.assets)}" if self.assets else ""
        step = f", {self.interval} candles" if self.interval else ""
        reach = f"{self.first:%Y-%m-%dT%H:%M:%SZ} to {self.last:%Y-%m-%dT%H:%M:%SZ}"
        return f"{self.rows:,} rows{of}{step}, {reach}, source '{self.source}': {', '.join(parts)}"


def import_file(
    store: AnyStore, path: Path, kind: Kind, source: str | None = None, progress: Progress | None = None
) -> ImportSummary:
    """Imports `path` into `store` under the name `source`, by default the file's own.

    Raises ImportRefused if anything in the file cannot be taken; then the store is as it was.
    """
    file = SourceFile(path, COLUMNS[kind])
    name = source or path.stem
    with store.staging() as staging:
        connection = staging.connection
        rows = _load(connection, file, kind, progress)
        if rows == 0:
            raise ImportRefused(path, "the file has a header and no rows", "give a file with rows")
        found = staged(connection, file, kind, name, stored_intervals(store, name) if kind == "candles" else {})
        merged = staging.merge(kind, "staged")
        assets = _assets(connection) if "asset" in TABLES[kind].columns else ()
        connection.execute("DROP TABLE incoming; DROP TABLE staged")
    intervals = [interval_text(timedelta(seconds=seconds)) for seconds in sorted(set(found.intervals.values()))]
    return ImportSummary(
        kind=kind,
        source=name,
        new=merged.new,
        changed=merged.changed,
        unchanged=merged.unchanged,
        duplicates=found.duplicates,
        unsorted=found.unsorted,
        rows=rows,
        assets=assets,
        first=aware(found.first),
        last=aware(found.last),
        interval=", ".join(intervals) or None,
    )


def _load(connection: "DuckDBPyConnection", file: SourceFile, kind: Kind, progress: Progress | None) -> int:
    """Fills the temporary table `incoming` with the file's checked rows, numbered from 0."""
    import pyarrow as pa

    rows = 0
    for batch, done in file.batches():
        try:
            checked = typed(batch, COLUMNS[kind])
        except Unacceptable as refusal:
            fault = refusal.fault
            line = file.line(rows + fault.row)
            raise ImportRefused(file.path, fault.problem, fault.remedy, line=line, column=fault.column) from refusal
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            problem = f"a column has a type that cannot be read ({error})"
            raise ImportRefused(
                file.path, problem, "write numbers as numbers and times as text or timestamps"
            ) from error
        connection.register("batch", checked.append_column("row", pa.array(range(rows, rows + batch.num_rows))))
        if rows == 0:
            connection.execute("CREATE TEMP TABLE incoming AS SELECT * FROM batch")
        else:
            connection.execute("INSERT INTO incoming SELECT * FROM batch")
        connection.unregister("batch")
        rows += batch.num_rows
        if progress is not None:
            progress(done, file.size)
    return rows


def _assets(connection: "DuckDBPyConnection") -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute("SELECT DISTINCT asset FROM staged ORDER BY asset").fetchall())
