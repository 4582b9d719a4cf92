"""Ibis expressions compiled once and run many times: values that change from call to call are bound, not built in.

Building and compiling an expression costs about 10 ms, running it about 2 ms.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

Bound = str | float | int | datetime
"""A value for a placeholder; moments are UTC without a zone, as stored."""

Cell = str | float | int | datetime | None
Row = Mapping[str, Cell]
"""One row of a result, by column."""

_PLACEHOLDER = re.compile(r"'@(\w+)@'")


def text(name: str) -> "ir.StringScalar":
    """A placeholder for a text, to stand in an expression where its value will be bound."""
    import ibis

    return ibis.literal(f"@{name}@")


def number(name: str) -> "ir.FloatingScalar":
    """A placeholder for a number."""
    return text(name).cast("float64")


def moment(name: str) -> "ir.TimestampScalar":
    """A placeholder for a moment."""
    return text(name).cast("timestamp(6)")


Dialect = Literal["duckdb", "postgres"]


@dataclass(frozen=True)
class Query:
    """A compiled expression: its SQL with the engine's own placeholder where `names` are to be bound."""

    sql: str
    names: frozenset[str]

    @classmethod
    def compiled(cls, expression: "ir.Table", dialect: Dialect = "duckdb") -> "Query":
        import ibis

        sql = str(ibis.to_sql(expression, dialect=dialect))
        names = frozenset(_PLACEHOLDER.findall(sql))
        if dialect == "postgres":
            return cls(_PLACEHOLDER.sub(r"%(\1)s", sql.replace("%", "%%")), names)
        return cls(_PLACEHOLDER.sub(r"$\1", sql), names)

    def bound(self, values: Mapping[str, Bound]) -> dict[str, Bound]:
        """Those of `values` that this query names."""
        return {name: values[name] for name in self.names}
