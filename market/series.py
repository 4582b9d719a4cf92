"""Which rows a reading stands on: every series in the store, and the choice of one. Series are never mixed."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ConfigDict

from market.durations import interval_text
from market.query import Bound, Row, moment, text
from market.reading import Mode
from market.store import AnyStore
from market.symbols import Instrument, instrument_of
from market.tables import TABLES, Kind, table

if TYPE_CHECKING:
    import ibis.expr.types as ir

_RANK: dict[str, int] = {"live": 0, "imported": 1, "reconstruction": 2}

_INSTRUMENTS: tuple[Instrument, ...] = ("spot", "perpetual", "mark")

_TOLD = 4
"""Messages name so many sources at most."""

_KEPT = 1_000
"""So many answers about series are kept at most."""

_COVERED = 0.95
"""Share of a window's candles from which a series counts as covering the window."""


class Series(BaseModel):
    """Rows of one origin. `symbol` and `interval` are None where the table has none.

    `first` and `last` are when its first and last row became known, `rows` counts them. Of a series as of a
    moment, `last` is the newest row known then and `rows` counts those of the window.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    mode: Mode
    source: str
    symbol: str | None
    asset: str | None
    interval: timedelta | None
    first: datetime
    last: datetime
    rows: int

    @property
    def lag(self) -> timedelta:
        """How long after its `ts_utc` a row is known."""
        fixed = TABLES[self.kind].lag
        return fixed if fixed is not None else self.interval or timedelta(0)

    @property
    def instrument(self) -> Instrument:
        """What its candles price."""
        return instrument_of(self.symbol or "", self.source)


class Catalog:
    """Every series of the store; those of a table are read again after each write of it.

    What was found for a moment is kept until then: the readings of one answer share the moment.
    """

    def __init__(self, store: AnyStore) -> None:
        self._store = store
        self._read: dict[Kind, tuple[int, tuple[Series, ...]]] = {}
        self._kept: dict[tuple[object, ...], tuple[Series, ...]] = {}

    def series(self, kind: Kind) -> Sequence[Series]:
        # The version is taken before the query: what a write in between makes old is kept under the old one.
        version = self._store.version(kind)
        read = self._read.get(kind)
        if read is None or read[0] != version:
            rows = self._store.rows(("catalog", kind), lambda: _grouped(table(kind), kind), {})
            read = self._read[kind] = version, tuple(_series(kind, row) for row in rows)
        return read[1]

    def assets(self) -> tuple[str, ...]:
        """Base symbols that any table holds, in alphabetical order."""
        return tuple(sorted({one.asset for kind in TABLES for one in self.series(kind) if one.asset}))

    def begins(self, series: Series) -> datetime:
        """When the first row of the source of `series` became known."""
        of_source = (one for one in self.series(series.kind) if (one.mode, one.source) == (series.mode, series.source))
        return min((one.first for one in of_source), default=series.first)

    def usable(
        self, kind: Kind, asset: str | None, window: timedelta | None, as_of: datetime, usable_for: timedelta
    ) -> Sequence[Series]:
        """Series whose newest row known at `as_of` is no older than `usable_for` plus its own lag.

        In what is returned `rows` counts those of the window known at `as_of`; without a window, those of the
        last `usable_for`.
        """
        held = self.series(kind)
        if not held:
            return ()
        longest = max(one.lag for one in held)
        start = as_of - (window or usable_for)
        narrowed = asset is not None
        values: dict[str, Bound] = {
            "asset": asset or "",
            "as_of": stored(as_of),
            "start": stored(start),
            "opens": stored(min(start, as_of - usable_for - longest) - longest),
        }
        found = self._found(("usable", kind, narrowed), kind, lambda: _known(kind, narrowed=narrowed), values)
        return [one for one in found if as_of - one.last <= usable_for + one.lag]

    def intervals(self, series: Series, as_of: datetime) -> Sequence[Series]:
        """All candles of the source and symbol of `series` known at `as_of`, one entry for each interval."""
        values: dict[str, Bound] = {
            "mode": series.mode,
            "source": series.source,
            "symbol": series.symbol or "",
            "as_of": stored(as_of),
        }
        return self._found(("intervals",), "candles", _intervals, values)

    def _found(
        self, key: tuple[object, ...], kind: Kind, build: "Callable[[], ir.Table]", values: dict[str, Bound]
    ) -> tuple[Series, ...]:
        # As above, the version before the query.
        asked = (self._store.version(kind), *key, *values.values())
        found = self._kept.get(asked)
        if found is None:
            found = tuple(_series(kind, row) for row in self._store.rows(key, build, values))
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[asked] = found
        return found


def chosen(among: Sequence[Series], window: timedelta | None) -> Series | None:
    """The best series: live before imported before reconstruction; then one that covers the window, then the
    freshest, then the finest interval, then spot before a perpetual and that before a mark price, then by name.
    """

    def order(one: Series) -> tuple[int, bool, float, timedelta, int, str, str]:
        short = bool(window and one.interval) and one.rows < _COVERED * _expected(window, one.interval)
        return (
            _RANK[one.mode],
            short,
            -one.last.timestamp(),
            one.interval or timedelta(0),
            _INSTRUMENTS.index(one.instrument),
            one.source,
            one.symbol or "",
        )

    return min(among, key=order, default=None)


def stored_intervals(store: AnyStore, source: str) -> dict[str, int]:
    """Seconds of the candles imported from `source`, of the symbols that have them of one interval only."""
    found: dict[str, set[int]] = {}
    for one in Catalog(store).series("candles"):
        if one.mode == "imported" and one.source == source and one.symbol and one.interval:
            found.setdefault(one.symbol, set()).add(int(one.interval.total_seconds()))
    return {symbol: min(intervals) for symbol, intervals in found.items() if len(intervals) == 1}


def told(held: Sequence[Series]) -> str:
    """What is held, for messages: each source once, with its assets and from when to when it reaches."""
    groups: dict[tuple[Mode, str, timedelta | None], list[Series]] = {}
    for one in held:
        groups.setdefault((one.mode, one.source, one.interval), []).append(one)
    phrases = []
    in_order = sorted(groups.items(), key=lambda item: (_RANK[item[0][0]], item[0][1], item[0][2] or timedelta(0)))
    for (mode, source, interval), group in in_order:
        assets = ", ".join(sorted({one.asset for one in group if one.asset}))
        what = f" ({assets})" if assets else ""
        step = f" {interval_text(interval)} candles" if interval else ""
        first, last = min(one.first for one in group), max(one.last for one in group)
        phrases.append(f"{mode} '{source}'{step}{what} from {first:%Y-%m-%dT%H:%MZ} to {last:%Y-%m-%dT%H:%MZ}")
    return "; ".join(phrases[:_TOLD]) + ("; and more" if len(phrases) > _TOLD else "")


def stored(moment_in_time: datetime) -> datetime:
    """A moment as the store keeps it: UTC without a zone."""
    return moment_in_time.astimezone(UTC).replace(tzinfo=None)


def aware(cell: object) -> datetime:
    """A moment from the store with its zone put back."""
    return cast("datetime", cell).replace(tzinfo=UTC)


def _expected(window: timedelta | None, interval: timedelta | None) -> float:
    return window / interval if window and interval else 0.0


def _grouped(rows: "ir.Table", kind: Kind) -> "ir.Table":
    schema = TABLES[kind]
    names = [*schema.series, *(["asset"] if "asset" in schema.columns else [])]
    return rows.group_by(names).aggregate(first=rows.known_at.min(), last=rows.known_at.max(), rows=rows.count())


def _intervals() -> "ir.Table":
    rows = table("candles")
    rows = rows.filter(
        rows.mode == text("mode"),
        rows.source == text("source"),
        rows.symbol == text("symbol"),
        rows.known_at <= moment("as_of"),
    )
    return _grouped(rows, "candles")


def _known(kind: Kind, *, narrowed: bool) -> "ir.Table":
    rows = table(kind)
    # The bounds on ts_utc say nothing that those on known_at do not, but let the engine skip blocks.
    rows = rows.filter(rows.ts_utc > moment("opens"), rows.ts_utc <= moment("as_of"), rows.known_at <= moment("as_of"))
    if narrowed:
        rows = rows.filter(rows.asset == text("asset"))
    in_window = rows.known_at > moment("start")
    schema = TABLES[kind]
    names = [*schema.series, *(["asset"] if kind == "candles" else [])]
    return rows.group_by(names).aggregate(
        first=rows.known_at.min(), last=rows.known_at.max(), rows=rows.count(where=in_window)
    )


def _series(kind: Kind, row: Row) -> Series:
    seconds = row.get("interval_seconds")
    return Series.model_validate(
        {
            **row,
            "kind": kind,
            "symbol": row.get("symbol"),
            "asset": row.get("asset"),
            "interval": None if seconds is None else timedelta(seconds=cast("int", seconds)),
            "first": aware(row["first"]),
            "last": aware(row["last"]),
        }
    )
