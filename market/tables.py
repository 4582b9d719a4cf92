"""The tables of the market store: their columns, what identifies a row, and the version of the whole.

`TABLES` hold market data, which readings stand on; `RECORDS` hold what is known about how those data came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

Kind = Literal["candles", "liquidations", "funding", "open_interest", "sentiment", "market_cap"]
"""What a table holds; also what `market import --kind` takes."""

Record = Literal["stream_gaps", "feed_states"]
"""A table about the data: when a stream was not heard, and how each feed is doing."""

Table = Kind | Record

ColumnType = Literal["string", "float64", "int64", "timestamp(6)"]

SCHEMA_VERSION = 2
"""Raised by every change of the tables below; `market/migrations.py` holds the way from each version before."""

INDEX_PUBLISHED_AFTER = timedelta(minutes=5)
"""The daily index is stamped with midnight UTC and comes out shortly after it: not known at midnight itself."""


@dataclass(frozen=True)
class TableSchema:
    """`key` identifies a row; `series` are the columns whose values no reading may mix.

    Times are UTC without a zone, as every SQL engine stores them the same way. A row is known `lag` after its
    `ts_utc`; a candle's lag is its own interval, so there `lag` is None. Columns `told_once` keep what was first
    written: the same row sent again is the same row.
    """

    columns: Mapping[str, ColumnType]
    key: tuple[str, ...]
    series: tuple[str, ...] = ()
    lag: timedelta | None = timedelta(0)
    told_once: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """The columns that a later writing of the same row may change."""
        return tuple(name for name in self.columns if name not in {*self.key, *self.told_once})

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which new rows are ordered: by time within each series, so that blocks can be skipped."""
        return (*self.series, "ts_utc") if "ts_utc" in self.columns else self.key


_ORIGIN: Mapping[str, ColumnType] = {"mode": "string", "source": "string"}

TABLES: Mapping[Kind, TableSchema] = {
    "candles": TableSchema(
        columns={
            **_ORIGIN,
            "asset": "string",
            "symbol": "string",
            "interval_seconds": "int64",
            "ts_utc": "timestamp(6)",
            "open": "float64",
            "high": "float64",
            "low": "float64",
            "close": "float64",
            "volume": "float64",
        },
        key=("mode", "source", "symbol", "interval_seconds", "ts_utc"),
        series=("mode", "source", "symbol", "interval_seconds"),
        lag=None,
    ),
    "liquidations": TableSchema(
        columns={
            **_ORIGIN,
            "asset": "string",
            "exchange": "string",
            "symbol": "string",
            "side": "string",
            "ts_utc": "timestamp(6)",
            "price": "float64",
            "quantity": "float64",
            "usd": "float64",
            "received_utc": "timestamp(6)",
        },
        key=("mode", "source", "exchange", "symbol", "ts_utc", "side", "price", "quantity"),
        series=("mode", "source"),
        told_once=("received_utc",),
    ),
    "funding": TableSchema(
        columns={
            **_ORIGIN,
            "asset": "string",
            "symbol": "string",
            "ts_utc": "timestamp(6)",
            "funding_rate": "float64",
            "mark_price": "float64",
        },
        key=("mode", "source", "symbol", "ts_utc"),
        series=("mode", "source", "symbol"),
    ),
    "open_interest": TableSchema(
        columns={
            **_ORIGIN,
            "asset": "string",
            "symbol": "string",
            "ts_utc": "timestamp(6)",
            "open_interest_coins": "float64",
            "open_interest_usd": "float64",
        },
        key=("mode", "source", "symbol", "ts_utc"),
        series=("mode", "source", "symbol"),
    ),
    "sentiment": TableSchema(
        columns={**_ORIGIN, "ts_utc": "timestamp(6)", "value": "float64", "classification": "string"},
        key=("mode", "source", "ts_utc"),
        series=("mode", "source"),
        lag=INDEX_PUBLISHED_AFTER,
    ),
    "market_cap": TableSchema(
        columns={**_ORIGIN, "ts_utc": "timestamp(6)", "usd": "float64"},
        key=("mode", "source", "ts_utc"),
        series=("mode", "source"),
    ),
}

RECORDS: Mapping[Record, TableSchema] = {
    "stream_gaps": TableSchema(
        columns={
            "exchange": "string",
            "begins_utc": "timestamp(6)",
            "ends_utc": "timestamp(6)",
            "backfilled": "string",
        },
        key=("exchange", "begins_utc"),
    ),
    "feed_states": TableSchema(
        columns={
            "name": "string",
            "kind": "string",
            "asset": "string",
            "source": "string",
            "checked_utc": "timestamp(6)",
            "answered_utc": "timestamp(6)",
            "newest_utc": "timestamp(6)",
            "error": "string",
            "malformed": "int64",
        },
        key=("name",),
    ),
}
"""`backfilled` names the assets whose rows of the gap were fetched afterwards, with commas between them."""

SCHEMAS: Mapping[Table, TableSchema] = dict([*TABLES.items(), *RECORDS.items()])


def table(kind: Kind) -> "ir.Table":
    """The table as an unbound ibis expression, for any engine, with `known_at`: when each row became known."""
    import ibis

    schema = TABLES[kind]
    rows = ibis.table(dict(schema.columns), name=kind)
    if schema.lag is None:
        return rows.mutate(known_at=rows.ts_utc + rows.interval_seconds.as_interval("s"))
    if not schema.lag:
        return rows.mutate(known_at=rows.ts_utc)
    return rows.mutate(known_at=rows.ts_utc + ibis.interval(seconds=int(schema.lag.total_seconds())))


def record(name: Record) -> "ir.Table":
    """A table about the data as an unbound ibis expression."""
    import ibis

    return ibis.table(dict(RECORDS[name].columns), name=name)
