"""The store as a metric sees it: the rows of one series, known at one moment, as ibis tables."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from market.durations import duration_of
from market.metrics.registry import ParameterValue
from market.query import Bound, moment, number, text
from market.series import Series, stored
from market.tables import TABLES, table

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.tables import Kind


class View:
    """Every table has `known_at`, when its row became known; none holds a row known after the as-of moment.

    `narrowed` keeps one asset out of a table that holds many. `params` are the metric's parameters; numbers,
    moments and texts among them are bound when the expression runs, words shape it.
    """

    def __init__(
        self,
        kind: "Kind",
        *,
        narrowed: bool,
        params: Mapping[str, ParameterValue],
        of: str = "",
        when: str = "",
    ) -> None:
        self._kind: Kind = kind
        self._narrowed = narrowed
        self._params = params
        self._of = of
        self._when = when

    @cached_property
    def companion(self) -> "View":
        """The same times of the series the metric holds its own against; it has the same interval."""
        return View(self._kind, narrowed=self._narrowed, params=self._params, of="other_")

    @cached_property
    def earlier(self) -> "View":
        """The same series as of the end of the other window."""
        return View(self._kind, narrowed=self._narrowed, params=self._params, when="earlier_")

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
        """The value of a parameter that is a word or a duration."""
        return str(self._params[name])

    def interval(self, name: str) -> "ir.IntervalScalar":
        """The value of a parameter that is a duration."""
        import ibis

        return ibis.interval(seconds=self.seconds(name))

    def seconds(self, name: str) -> int:
        """As `interval`, as a number."""
        return int(duration_of(self.choice(name)).total_seconds())

    def given(self, name: str) -> bool:
        """Whether a parameter without a default was given."""
        return name in self._params

    @staticmethod
    def number(name: str) -> "ir.FloatingScalar":
        """The value of a parameter that is a number, or `interval_seconds` of the candles, or `window_seconds`."""
        return number(name)

    @staticmethod
    def text(name: str) -> "ir.StringScalar":
        """The value of a parameter that is a text, or `asset`."""
        return text(name)

    @property
    def priced(self) -> "ir.StringScalar":
        """The asset whose price stands for all in the table: the one kept, or bitcoin."""
        import ibis

        return text("asset") if self._narrowed else ibis.literal("BTC")

    @property
    def as_of(self) -> "ir.TimestampScalar":
        """The moment of the reading, or of the other window's end."""
        return moment(f"{self._when}as_of")

    def _rows(self) -> "ir.Table":
        rows = table(self._kind)
        rows = rows.filter(rows.mode == text("mode"), rows.source == text(f"{self._of}source"))
        if "symbol" in TABLES[self._kind].series:
            rows = rows.filter(rows.symbol == text(f"{self._of}symbol"))
        return rows.filter(rows.asset == text(f"{self._of}asset")) if self._narrowed else rows

    def _between(self, after: str, until: str) -> "ir.Table":
        rows = self._rows()
        # All rows of one series have the same lag, so the bounds are moved to ts_utc, where they skip blocks.
        rows = rows.filter(rows.ts_utc > moment(self._when + after), rows.ts_utc <= moment(self._when + until))
        if TABLES[self._kind].lag is None:
            rows = rows.filter(rows.interval_seconds == number("interval_seconds").cast("int64"))
        return rows


def values_for(
    series: Series,
    asset: str,
    window: timedelta | None,
    as_of: datetime,
    usable_for: timedelta,
    *,
    companion: Series | None = None,
    earlier: datetime | None = None,
) -> dict[str, Bound]:
    """What is bound to a view's placeholders to see `series` as of `as_of`, beside `companion` or `earlier`."""
    values: dict[str, Bound] = {
        "mode": series.mode,
        "source": series.source,
        "symbol": series.symbol or "",
        "asset": asset,
        "interval_seconds": series.interval.total_seconds() if series.interval else 0.0,
        "window_seconds": window.total_seconds() if window else 0.0,
        **_times("", series.lag, window, as_of, usable_for),
    }
    if companion is not None:
        values |= {
            "other_source": companion.source,
            "other_symbol": companion.symbol or "",
            "other_asset": companion.asset or "",
        }
    if earlier is not None:
        values |= _times("earlier_", series.lag, window, earlier, usable_for)
    return values


def _times(
    when: str, lag: timedelta, window: timedelta | None, as_of: datetime, usable_for: timedelta
) -> dict[str, Bound]:
    start = as_of - (window or timedelta(0))
    return {
        f"{when}as_of": stored(as_of),
        f"{when}as_of_opens": stored(as_of - lag),
        f"{when}window_opens": stored(start - lag),
        f"{when}recent_opens": stored(as_of - lag - usable_for - lag),
        f"{when}before_opens": stored(start - lag - usable_for - lag),
    }
