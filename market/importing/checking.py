"""Turns a batch of cells into typed columns, or says which row is wrong, in which column, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from market.errors import InvalidInput
from market.importing.columns import Column
from market.symbols import base_asset

if TYPE_CHECKING:
    import pyarrow as pa

_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_EPOCH = r"^\s*\d{9,16}\s*$"
_MOST_MILLISECONDS = 10**14
_EARLIEST = datetime(2009, 1, 3, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_FIX = "correct or remove the row"


@dataclass(frozen=True)
class Fault:
    """What is wrong in row `row` of a batch (from 0)."""

    row: int
    column: str
    problem: str
    remedy: str = _FIX


class Unacceptable(Exception):
    """A batch holds something that cannot be taken."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.problem)


def typed(batch: "pa.RecordBatch", columns: Sequence[Column]) -> "pa.Table":
    """`batch` with moments as UTC microseconds, numbers as float64, words trimmed, and `asset` for each symbol.

    Optional columns that are missing are there, empty. Raises Unacceptable with the first fault found.
    """
    import pyarrow as pa

    made: dict[str, pa.Array] = {}
    for column in columns:
        if column.name not in batch.schema.names:
            empty = pa.string() if column.content == "text" else pa.float64()
            made[column.name] = pa.nulls(batch.num_rows, empty)
            continue
        cells = batch.column(column.name)
        if pa.types.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        made[column.name] = _READERS[column.content](cells, column)
        if column.content == "symbol":
            made["asset"] = _assets(made[column.name], column)
    if {"open", "high", "low", "close"} <= made.keys():
        _check_candles(made)
    return pa.table(made)


def _moments(cells: "pa.Array", column: Column) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type):
        cells = pc.cast(cells, pa.int64()).cast(pa.string())
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        _fault_if(pc.is_null(cells), column, lambda _: "the cell is empty", cells)
        zoned = pa.types.is_timestamp(cells.type) and cells.type.tz
        moments = pc.cast(cells, pa.timestamp("us", "UTC") if zoned else pa.timestamp("us"), safe=False)
        moments = moments.cast(pa.timestamp("us"))
    else:
        moments = _read_moments(pc.fill_null(pc.cast(cells, pa.string()), ""), column)
    outside = pc.or_(
        pc.less(moments, pa.scalar(_EARLIEST.replace(tzinfo=None), moments.type)),
        pc.greater_equal(moments, pa.scalar(_LATEST.replace(tzinfo=None), moments.type)),
    )
    _fault_if(
        outside,
        column,
        lambda cell: f"'{cell}' is a moment outside 2009 to 2100",
        cells,
        "write moments as 2025-11-04T21:35:00Z or as milliseconds since 1970",
    )
    return moments


def _read_moments(cells: "pa.Array", column: Column) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(cells)
    epoch = pc.match_substring_regex(text, _EPOCH)
    milliseconds = pc.if_else(epoch, text, "0").cast(pa.int64())
    # More digits than milliseconds have until the year 5138: Binance's archive writes microseconds since 2025.
    microseconds = pc.if_else(
        pc.greater(milliseconds, _MOST_MILLISECONDS), milliseconds, pc.multiply(milliseconds, 1_000)
    )
    from_epoch = microseconds.cast(pa.timestamp("us"))
    if pc.all(epoch).as_py():
        return from_epoch
    written = _zoned(pc.if_else(epoch, "2009-01-03", text))
    try:
        parsed = pc.cast(written, pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        row = next(number for number, cell in enumerate(text.to_pylist()) if not _is_moment(cell))
        raise Unacceptable(
            Fault(
                row,
                column.name,
                f"'{text[row].as_py()}' is not a moment" if text[row].as_py() else "the cell is empty",
                "write moments as 2025-11-04T21:35:00Z or as milliseconds since 1970",
            )
        ) from None
    return pc.if_else(epoch, from_epoch, parsed)


def _zoned(written: "pa.Array") -> "pa.Array":
    """Days get their midnight and moments without a zone get UTC: the parser wants a zone on every cell."""
    import pyarrow.compute as pc

    day = pc.match_substring_regex(written, r"^\d{4}-\d{2}-\d{2}$")
    written = pc.if_else(day, pc.binary_join_element_wise(written, "00:00:00", "T"), written)
    zoned = pc.match_substring_regex(written, r"(Z|[+-]\d{2}:?\d{2})$")
    return pc.if_else(zoned, written, pc.binary_join_element_wise(written, "", "Z"))


def _is_moment(cell: str) -> bool:
    if cell.isdigit():
        return True
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _numbers(cells: "pa.Array", column: Column) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    empty: pa.Array
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        text = pc.fill_null(cells, "")
        empty = pc.equal(pc.utf8_trim_whitespace(text), "")
        readable = pc.or_(pc.match_substring_regex(text, _NUMBER), empty)
        _fault_if(pc.invert(readable), column, lambda cell: f"'{cell}' is not a number", cells)
        filled = pc.if_else(empty, None, pc.utf8_trim_whitespace(text))
        numbers = pc.cast(filled, pa.float64())
    else:
        numbers = pc.cast(cells, pa.float64())
        empty = pc.is_null(numbers)
    if not column.optional:
        _fault_if(empty, column, lambda _: "the cell is empty", cells)
    finite = pc.fill_null(pc.is_finite(numbers), fill_value=True)
    _fault_if(pc.invert(finite), column, lambda cell: f"'{cell}' is not a finite number", cells)
    if column.positive:
        _fault_if(pc.less_equal(numbers, 0.0), column, lambda cell: f"{cell} is not above zero", cells)
    if column.least is not None:
        least = column.least
        _fault_if(pc.less(numbers, least), column, lambda cell: f"{cell} is below {least:g}", cells)
    if column.most is not None:
        most = column.most
        _fault_if(pc.greater(numbers, most), column, lambda cell: f"{cell} is above {most:g}", cells)
    return numbers


def _words(cells: "pa.Array", column: Column) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pc.utf8_trim_whitespace(pc.fill_null(pc.cast(cells, pa.string()), ""))
    empty = pc.equal(words, "")
    if column.optional:
        return pc.if_else(empty, None, words)
    _fault_if(empty, column, lambda _: "the cell is empty", cells)
    return words


def _sides(cells: "pa.Array", column: Column) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    sides = pc.utf8_lower(_words(cells, column))
    _fault_if(
        pc.invert(pc.is_in(sides, pa.array(["long", "short"]))),
        column,
        lambda cell: f"'{cell}' is neither long nor short",
        cells,
        "write the side of the position that was closed, not of the order that closed it",
    )
    return sides


def _assets(symbols: "pa.Array", column: Column) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(symbols)
    bases = []
    for symbol in encoded.dictionary.to_pylist():
        try:
            bases.append(base_asset(symbol))
        except InvalidInput as error:
            row = pc.index(symbols, symbol).as_py()
            raise Unacceptable(Fault(row, column.name, str(error), "write a symbol such as BTCUSDT")) from None
    return pc.take(pa.array(bases, pa.string()), encoded.indices)


def _check_candles(made: "dict[str, pa.Array]") -> None:
    import pyarrow.compute as pc

    high, low = made["high"], made["low"]
    row = pc.index(pc.greater(low, high), value=True).as_py()
    if row >= 0:
        raise Unacceptable(
            Fault(row, "high", f"the high of {_cell(high, row)} lies below the low of {_cell(low, row)}")
        )
    for name in ("open", "close"):
        price = made[name]
        outside = pc.or_(pc.greater(price, high), pc.less(price, low))
        row = pc.index(outside, value=True).as_py()
        if row >= 0:
            bounds = f"{_cell(low, row)} to {_cell(high, row)}"
            raise Unacceptable(
                Fault(row, name, f"the {name} of {_cell(price, row)} lies outside low to high, {bounds}")
            )


def _cell(numbers: "pa.Array", row: int) -> str:
    return f"{numbers[row].as_py():,.10g}"


def _fault_if(
    wrong: "pa.Array", column: Column, problem: Callable[[object], str], cells: "pa.Array", remedy: str = _FIX
) -> None:
    import pyarrow.compute as pc

    row = pc.index(pc.fill_null(wrong, fill_value=False), value=True).as_py()
    if row >= 0:
        raise Unacceptable(Fault(row, column.name, problem(cells[row].as_py()), remedy))


_READERS = {"moment": _moments, "number": _numbers, "text": _words, "symbol": _words, "side": _sides}
