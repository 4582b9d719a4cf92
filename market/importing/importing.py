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


_TOLD = 10
"""So many refused rows are told with their reasons."""

_MOST_REFUSED = 1_000
"""A file with more wrong rows is not what it was said to be."""


class ImportSummary(BaseModel):
    """What an import did. `rows` is how many the file held; `interval` is of candles, as text such as "5-minute".

    Of the rows, `duplicates` repeated another row exactly and `unsorted` stood after a later one; `refused` were
    left out, the first few of them with the reason in `refusals`. A `dry_run` changed nothing.
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
    refused: int = 0
    refusals: tuple[str, ...] = ()
    dry_run: bool = False

    def told(self) -> str:
        """The summary in a few plain words."""
        parts = [f"{self.new:,} new", f"{self.changed:,} updated", f"{self.unchanged:,} already there"]
        if self.duplicates:
            parts.append(f"{self.duplicates:,} exact duplicates left out")
        if self.unsorted:
            parts.append(f"{self.unsorted:,} out of time order were sorted")
        if self.refused:
            parts.append(f"{self.refused:,} refused")
        of = f" of {', '.join(self.assets)}" if self.assets else ""
        step = f", {self.interval} candles" if self.interval else ""
        reach = f"{self.first:%Y-%m-%dT%H:%M:%SZ} to {self.last:%Y-%m-%dT%H:%M:%SZ}"
        told = f"{self.rows:,} rows{of}{step}, {reach}, source '{self.source}': {', '.join(parts)}"
        if self.refusals:
            more = f"\n  and {self.refused - len(self.refusals):,} more" if self.refused > len(self.refusals) else ""
            told += "".join(f"\n  refused: {reason}" for reason in self.refusals) + more
        return f"dry run, nothing was changed: {told}" if self.dry_run else told


def import_file(
    store: AnyStore,
    path: Path,
    kind: Kind,
    source: str | None = None,
    progress: Progress | None = None,
    *,
    skip_wrong: bool = False,
    dry_run: bool = False,
) -> ImportSummary:
    """Imports `path` into `store` under the name `source`, by default the file's own.

    Raises ImportRefused if anything in the file cannot be taken; then the store is as it was. With `skip_wrong`
    rows that cannot be taken are left out and told; with `dry_run` everything is done and then undone.
    """
    file, name = SourceFile(path, COLUMNS[kind]), source or path.stem
    try:
        return _imported(store, file, kind, name, progress, skip_wrong=skip_wrong, dry_run=dry_run)
    except _Undone as undone:
        return undone.summary


class _Undone(Exception):
    """Ends the transaction of a dry run."""

    def __init__(self, summary: ImportSummary) -> None:
        self.summary = summary
        super().__init__("dry run")


def _imported(
    store: AnyStore,
    file: SourceFile,
    kind: Kind,
    name: str,
    progress: Progress | None,
    *,
    skip_wrong: bool,
    dry_run: bool,
) -> ImportSummary:
    path = file.path
    with store.staging() as staging:
        connection = staging.connection
        rows, refused = _load(connection, file, kind, progress, skip_wrong=skip_wrong)
        if rows == len(refused):
            problem = "every row of it is wrong" if refused else "the file has a header and no rows"
            raise ImportRefused(path, problem, "give a file with rows")
        found = staged(connection, file, kind, name, stored_intervals(store, name) if kind == "candles" else {})
        merged = staging.merge(kind, "staged")
        assets = _assets(connection) if "asset" in TABLES[kind].columns else ()
        connection.execute("DROP TABLE incoming; DROP TABLE staged")
        intervals = [interval_text(timedelta(seconds=seconds)) for seconds in sorted(set(found.intervals.values()))]
        summary = ImportSummary(
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
            refused=len(refused),
            refusals=tuple(refused[:_TOLD]),
            dry_run=dry_run,
        )
        if dry_run:
            raise _Undone(summary)
    return summary


def _load(
    connection: "DuckDBPyConnection", file: SourceFile, kind: Kind, progress: Progress | None, *, skip_wrong: bool
) -> tuple[int, list[str]]:
    """Fills the temporary table `incoming` with the file's checked rows, numbered from 0.

    Gives how many rows the file has, and why those were refused that are left out.
    """
    import pyarrow as pa

    rows, refused, made = 0, list[str](), False
    for batch, done in file.batches():
        kept, numbers = batch, pa.array(range(rows, rows + batch.num_rows))
        while True:
            try:
                checked = typed(kept, COLUMNS[kind])
                break
            except Unacceptable as refusal:
                fault = refusal.fault
                line = file.line(numbers[fault.row].as_py())
                if not skip_wrong:
                    raise ImportRefused(
                        file.path, fault.problem, fault.remedy, line=line, column=fault.column
                    ) from refusal
                refused.append(f"line {line}, column '{fault.column}': {fault.problem}")
                if len(refused) > _MOST_REFUSED:
                    problem = f"more than {_MOST_REFUSED:,} rows are wrong, the last of them at"
                    raise ImportRefused(file.path, problem, fault.remedy, line=line, column=fault.column) from refusal
                keeps = pa.array([number != fault.row for number in range(kept.num_rows)])
                kept, numbers = kept.filter(keeps), numbers.filter(keeps)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
                problem = f"a column has a type that cannot be read ({error})"
                raise ImportRefused(
                    file.path, problem, "write numbers as numbers and times as text or timestamps"
                ) from error
        connection.register("batch", checked.append_column("row", numbers))
        if made:
            connection.execute("INSERT INTO incoming SELECT * FROM batch")
        else:
            connection.execute("CREATE TEMP TABLE incoming AS SELECT * FROM batch")
            made = True
        connection.unregister("batch")
        rows += batch.num_rows
        if progress is not None:
            progress(done, file.size)
    return rows, refused


def _assets(connection: "DuckDBPyConnection") -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute("SELECT DISTINCT asset FROM staged ORDER BY asset").fetchall())
