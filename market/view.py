"""The store as a metric sees it: the rows of one series, known at one moment, as ibis tables."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from market.query import Bound, moment, number, text
from market.series import Series, stored
from market.tables import TABLES, table

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.tables import Kind


class View:
    """Every table has `known_at`, when its row became known; none holds a row known after the as-of moment.

    `narrowed` keeps one asset out of a table that holds many. `params` are the metric's parameters; the
    numbers among them are bound when the expression runs, the words shape it.
    """

    def __init__(self, kind: "Kind", *, narrowed: bool, params: Mapping[str, str | float]) -> None:
        self._kind: Kind = kind
        self._narrowed = narrowed
        self._params = params

    @cached_property
    def window(self) -> "ir.Table":
        """Rows known in (as_of - window, as_of]."""
        return self._between("window_opens", "as_of_opens")

    @cached_property
    def recent(self) -> "ir.Table":
        """Rows known at the as-of moment that are recent enough to stand for it."""
        return self._between("recent_opens", "as_of_opens")

    @cached_property
    def before(self) -> "ir.Table":
        """Rows known when the window began that are recent enough to stand for that moment."""
        return self._between("before_opens", "window_opens")

    @cached_property
    def history(self) -> "ir.Table":
        """Every row of the series' source known at the as-of moment, candles of all its intervals included."""
        rows = self._rows()
        return rows.filter(rows.known_at <= moment("as_of"))

    def choice(self, name: str) -> str:
        """The value of a parameter that is a word."""
        return str(self._params[name])

    def given(self, name: str) -> bool:
        """Whether a parameter without a default was given."""
        return name in self._params

    @staticmethod
    def number(name: str) -> "ir.FloatingScalar":
        """The value of a parameter that is a number, or `interval_seconds`: the candles' interval."""
        return number(name)

    def _rows(self) -> "ir.Table":
        rows = table(self._kind)
        rows = rows.filter(rows.mode == text("mode"), rows.source == text("source"))
        if "symbol" in TABLES[self._kind].series:
            rows = rows.filter(rows.symbol == text("symbol"))
        return rows.filter(rows.asset == text("asset")) if self._narrowed else rows

    def _between(self, after: str, until: str) -> "ir.Table":
        rows = self._rows()
        # All rows of one series have the same lag, so the bounds are moved to ts_utc, where they skip blocks.
        rows = rows.filter(rows.ts_utc > moment(after), rows.ts_utc <= moment(until))
        if TABLES[self._kind].lag is None:
            rows = rows.filter(rows.interval_seconds == number("interval_seconds").cast("int64"))
        return rows


def values_for(
    series: Series, asset: str, window: timedelta | None, as_of: datetime, usable_for: timedelta
) -> dict[str, Bound]:
    """What is bound to a view's placeholders to see `series` as of `as_of`."""
    lag = series.lag
    start = as_of - (window or timedelta(0))
    return {
        "mode": series.mode,
        "source": series.source,
        "symbol": series.symbol or "",
        "asset": asset,
        "interval_seconds": series.interval.total_seconds() if series.interval else 0.0,
        "as_of": stored(as_of),
        "as_of_opens": stored(as_of - lag),
        "window_opens": stored(start - lag),
        "recent_opens": stored(as_of - lag - usable_for - lag),
        "before_opens": stored(start - lag - usable_for - lag),
    }
