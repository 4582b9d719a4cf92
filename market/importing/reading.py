"""Reads CSV, Parquet and Feather files in batches of text or typed columns, whatever their size; judges no values."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from market.errors import ImportRefused
from market.importing.columns import Column
from market.importing.layouts import Layout, layout_of

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK_BYTES = 8 << 20
_BATCH_ROWS = 200_000
_SUFFIXES = {".csv": "CSV", ".parquet": "Parquet", ".pq": "Parquet", ".feather": "Feather"}


class SourceFile:
    """One file to import. Batches have the columns' own names, in their order."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        if not path.is_file():
            raise ImportRefused(path, "there is no such file", "check the path")
        kind = _SUFFIXES.get(path.suffix.lower())
        if kind is None:
            raise ImportRefused(
                path, f"a file ending in '{path.suffix}' cannot be read", "use a .csv, .parquet or .feather file"
            )
        if path.stat().st_size == 0:
            raise ImportRefused(path, "the file is empty", f"give a file with the columns {_names(columns)}")
        self.path = path
        self.size = path.stat().st_size
        self._columns = columns
        self._kind = kind
        self._is_csv = kind == "CSV"
        self._layout = layout_of(path, self._csv_header()) if self._is_csv else Layout()

    def batches(self) -> Iterator["tuple[pa.RecordBatch, int]"]:
        """Batches, each with how many bytes of the file are done."""
        if self._is_csv:
            return self._csv()
        return self._parquet() if self._kind == "Parquet" else self._feather()

    def line(self, row: int) -> int:
        """The line on which row number `row` (from 0) stands; in a Parquet file, the row counted from 1."""
        if not self._is_csv:
            return row + 1
        with self.path.open("rb") as lines:
            filled = 0 if self._layout.header else -1
            for number, line in enumerate(lines, 1):
                filled += bool(line.strip())
                if filled == row + 1:
                    return number
        return row + 2

    def _csv(self) -> Iterator["tuple[pa.RecordBatch, int]"]:
        import pyarrow as pa
        from pyarrow import csv

        ragged: list[tuple[int, str]] = []

        def refuse(row: csv.InvalidRow) -> str:
            ragged.append(
                (row.number or 0, f"the row has {row.actual_columns} cells, the header {row.expected_columns}")
            )
            return "error"

        found = list(self._layout.header) or self._csv_header()
        wanted = self._located(found)
        try:
            with pa.OSFile(str(self.path)) as raw:
                reader = csv.open_csv(
                    raw,
                    # One thread: only then are rows that do not fit counted.
                    read_options=csv.ReadOptions(
                        block_size=_BLOCK_BYTES, use_threads=False, column_names=list(self._layout.header) or None
                    ),
                    parse_options=csv.ParseOptions(invalid_row_handler=refuse),
                    convert_options=csv.ConvertOptions(
                        column_types={name: pa.string() for name in found}, strings_can_be_null=False
                    ),
                )
                for batch in reader:
                    yield self._renamed(batch, wanted), raw.tell()
        except pa.ArrowInvalid as error:
            if ragged:
                number, problem = ragged[0]
                raise ImportRefused(self.path, problem, "correct the row", line=number or None) from error
            if "Empty CSV file" in str(error):
                raise ImportRefused(
                    self.path, "the file is empty", f"its columns are {_names(self._columns)}"
                ) from error
            raise ImportRefused(self.path, f"not readable as CSV ({error})", "write it as UTF-8 with commas") from error

    def _csv_header(self) -> list[str]:
        import csv

        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            return next((row for row in csv.reader(lines) if row), [])

    def _parquet(self) -> Iterator["tuple[pa.RecordBatch, int]"]:
        import pyarrow as pa
        from pyarrow import parquet

        try:
            file = parquet.ParquetFile(self.path)
        except (pa.ArrowInvalid, OSError) as error:
            raise ImportRefused(self.path, "the file is not Parquet", "write it again as Parquet or CSV") from error
        self._layout = layout_of(self.path, file.schema_arrow.names)
        wanted = self._located(list(file.schema_arrow.names))
        rows = max(1, file.metadata.num_rows)
        done = 0
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=list(wanted.values())):
            done += batch.num_rows
            yield self._renamed(batch, wanted), int(self.size * done / rows)

    def _feather(self) -> Iterator["tuple[pa.RecordBatch, int]"]:
        import pyarrow as pa

        try:
            with pa.memory_map(str(self.path)) as raw:
                file = pa.ipc.open_file(raw)
                self._layout = layout_of(self.path, file.schema.names)
                wanted = self._located(list(file.schema.names))
                for number in range(file.num_record_batches):
                    done = int(self.size * (number + 1) / file.num_record_batches)
                    yield self._renamed(file.get_batch(number), wanted), done
        except (pa.ArrowInvalid, OSError) as error:
            problem = f"the file is not Feather, version 2 ({error})"
            raise ImportRefused(self.path, problem, "write it again as Feather, Parquet or CSV") from error

    def _located(self, found: Sequence[str]) -> dict[str, str]:
        """The file's name for each column it holds. Raises ImportRefused if one is missing or stands twice."""
        located = {}
        for column in self._columns:
            names = [name for name in found if name.strip() in {column.name, *column.aliases}]
            if len(names) > 1:
                raise ImportRefused(
                    self.path, f"the column stands {len(names)} times", "keep one", line=1, column=column.name
                )
            if names:
                located[column.name] = names[0]
            elif not column.optional and not (column.name == "symbol" and self._layout.symbol):
                raise ImportRefused(
                    self.path,
                    f"the column is missing; the file has {', '.join(found) or 'no columns'}",
                    f"name its columns {_names(self._columns)}",
                    line=1,
                    column=column.name,
                )
        return located

    def _renamed(self, batch: "pa.RecordBatch", wanted: dict[str, str]) -> "pa.RecordBatch":
        """The wanted columns under their own names, with the symbol that the file's name tells."""
        import pyarrow as pa

        named = batch.select(list(wanted.values())).rename_columns(list(wanted))
        if self._layout.symbol is None or "symbol" in wanted:
            return named
        return named.append_column("symbol", pa.array([self._layout.symbol] * batch.num_rows, pa.string()))


def _names(columns: Sequence[Column]) -> str:
    return ",".join(f"[{column.name}]" if column.optional else column.name for column in columns)
