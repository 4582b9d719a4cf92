"""The published figures of all crashes as one table that is asked by `FigureQuery`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.figures import Event
from rag.published.dimension import DATES, Dimension, PublishedGuide
from rag.published.query import Entry, FigureQuery, FigureResult, Missing
from rag.published.row import FigureRow, rows_of

_UNITS = {"pct": "percent", "USD": "dollars", "multiple": "percent"}
_ORDERED = frozenset({"max", "min", "rank", "difference", "count"})


class FigureTable:
    """Rows of published figures; only those that may be shown are in it."""

    def __init__(self, events: Sequence[Event], rows: Iterable[FigureRow], guide: PublishedGuide) -> None:
        self.events = tuple(events)
        self.rows = tuple(rows)
        self.guide = guide

    @classmethod
    def of(cls, events: Sequence[Event]) -> "FigureTable":
        """The table of `events`, earliest first."""
        guide = PublishedGuide.load()
        ordered = sorted(events, key=lambda event: (event.start, event.id))
        return cls(ordered, (row for event in ordered for row in rows_of(event, guide)), guide)

    def best(self, event: Event, dimension: Dimension) -> Entry | None:
        """What the best sources give for `dimension` of `event`; the whole market and the usual coin."""
        query = FigureQuery((dimension,))
        return self._entry(event.name, self._rows(query, event), query)

    def ask(self, query: FigureQuery) -> FigureResult:
        """The rows that answer `query`, in order, with what is missing. It never compares unlike parts or units."""
        events = query.events or tuple(event for event in self.events if _in_period(event, query.period))
        if query.by == "event" and len(query.assets) > 1:
            query = replace(query, by="asset")
        found: list[Entry] = []
        missing: list[Missing] = []
        for event in events:
            entries = self._entries(query, event)
            found += entries
            if query.by != "venue":
                missing += self._missing(query, event, entries)
        entries, apart = _alike(found, query, priced=self.guide.dimensions[query.dimension].default_asset is not None)
        if query.by in {"venue", "asset"} and len(events) > 1:
            entries = _best_of_each(entries, query)
        if query.aggregate in _ORDERED or query.by != "event":
            entries = sorted(entries, key=lambda entry: _order(entry, query))
        if query.threshold is not None and query.aggregate == "count":
            entries = [entry for entry in entries if _passes(entry, query)]
        single = len(entries) == 1 and query.aggregate == "value" and not (query.venues or query.side)
        beside = self._beside(query, entries[0].best.event) if single else ()
        others = self._other_windows(query, entries[0]) if single else ()
        return FigureResult(query, tuple(entries), tuple(apart), beside, others, tuple(missing), len(events))

    def _entries(self, query: FigureQuery, event: Event) -> list[Entry]:
        rows = self._rows(query, event)
        if query.by == "venue":
            names = dict.fromkeys(row.venue for row in rows if row.venue)
            grouped = [(name, [row for row in rows if row.venue == name]) for name in names]
        elif query.by == "asset":
            names = dict.fromkeys(row.asset for row in rows if row.asset)
            grouped = [(name, [row for row in rows if row.asset == name]) for name in names]
        else:
            waves = dict.fromkeys(row.wave for row in rows)
            several = query.aggregate == "value" and len(waves) > 1
            grouped = [(event.name, [row for row in rows if row.wave == wave]) for wave in waves] if several else []
            grouped = grouped or [(event.name, rows)]
        entries = (self._entry(name, own, query) for name, own in grouped)
        return [entry for entry in entries if entry is not None]

    def _entry(self, name: str, rows: Sequence[FigureRow], query: FigureQuery | None = None) -> Entry | None:
        if not rows:
            return None
        day = query.period if query else None
        best = min(rows, key=lambda row: self._rank(row, query, day))
        same = [row for row in rows if row.measure == best.measure]
        ordered = sorted(same, key=lambda row: row.rank(day))
        return Entry(name, tuple({row.value: row for row in reversed(ordered)}.values())[::-1])

    def _rank(self, row: FigureRow, query: FigureQuery | None, day: str | None) -> tuple[object, ...]:
        dimension = query.dimension if query else row.dimension
        order = self.guide.dimensions[dimension].quantities
        grade, part, other_day, newest = row.rank(day)
        worse = row.value if self.guide.dimensions[dimension].worse == "low" else -row.value
        usual = row.asset in {None, "BTC"}
        return grade, part, other_day, order.index(row.quantity), not usual, newest, worse

    def _rows(self, query: FigureQuery, event: Event) -> list[FigureRow]:
        """The rows of `event` that may answer `query`."""
        one = self.guide.dimensions[query.dimension]
        rows = [row for row in self.rows if row.event.id == event.id and row.quantity in one.quantities]
        if query.by != "asset" and not query.assets and one.default_asset:
            rows = [row for row in rows if row.asset == one.default_asset]
        if query.assets:
            rows = [row for row in rows if row.asset in query.assets]
        elif query.by != "asset" and not one.default_asset:
            plain = [row for row in rows if row.asset is None]
            rows = plain or rows
        if query.venues:
            rows = [row for row in rows if row.venue and any(_named(venue, row.venue) for venue in query.venues)]
        if query.unit and query.dimension not in DATES:
            rows = [row for row in rows if _UNITS.get(row.unit, "coins") == query.unit]
        if query.dimension == "longs_share":
            return rows
        if query.side:
            return [row for row in rows if row.side == query.side]
        # Beside a total, what was long of it is only a part.
        return [row for row in rows if row.side is None] or rows

    def _missing(self, query: FigureQuery, event: Event, entries: Sequence[Entry]) -> list[Missing]:
        def gap(asset: str | None = None, venue: str | None = None) -> Missing:
            return Missing(event, query.dimension, asset, venue, query.side, query.unit)

        if query.by == "asset" and query.assets:
            have = {entry.best.asset for entry in entries}
            return [gap(asset) for asset in query.assets if asset not in have]
        if entries:
            return []
        asset = query.assets[0] if query.assets else self.guide.dimensions[query.dimension].default_asset
        return [gap(asset, query.venues[0] if query.venues else None)]

    def _other_windows(self, query: FigureQuery, entry: Entry) -> tuple[FigureRow, ...]:
        """Well sourced rows of the same quantity and part of the market over other windows."""
        best = entry.best
        rows = [
            row
            for row in self._rows(query, best.event)
            if (row.quantity, row.part) == (best.quantity, best.part)
            and row.grade != "C"
            and row.measure != best.measure
        ]
        return tuple(sorted(rows, key=lambda row: row.rank()))

    def _beside(self, query: FigureQuery, event: Event) -> tuple[FigureRow, ...]:
        wanted = self.guide.dimensions[query.dimension].beside
        rows = [row for name in wanted for row in self.rows if row.event.id == event.id and row.quantity == name]
        return tuple(sorted(rows, key=lambda row: (wanted.index(row.quantity), row.rank())))


def _alike(entries: Sequence[Entry], query: FigureQuery, *, priced: bool) -> tuple[list[Entry], list[Entry]]:
    """Those of the part and unit that most entries have, or that the question names, and the others."""
    kinds = Counter(_comparable(entry, query, priced=priced) for entry in entries)
    if not kinds:
        return [], []
    most = max(kinds, key=lambda kind: (kinds[kind], -list(kinds).index(kind)))
    same = [_comparable(entry, query, priced=priced) == most for entry in entries]
    return (
        [entry for entry, alike in zip(entries, same, strict=True) if alike],
        [entry for entry, alike in zip(entries, same, strict=True) if not alike],
    )


def _comparable(entry: Entry, query: FigureQuery, *, priced: bool) -> tuple[str | None, ...]:
    """What must be the same; a price on one venue is a price of the market and no part of it."""
    venue, asset, unit = entry.best.part
    venue = None if priced or query.by == "venue" else venue
    return (venue, unit) if query.by == "asset" else (venue, asset, unit)


def _best_of_each(entries: Sequence[Entry], query: FigureQuery) -> list[Entry]:
    """For each venue or coin the crash in which it comes first."""
    first: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda entry: _order(entry, query)):
        first.setdefault(entry.name, entry)
    return list(first.values())


def _order(entry: Entry, query: FigureQuery) -> tuple[float, str]:
    value = entry.best.value
    return (value if query.ascending else -value), entry.best.event.id


def _passes(entry: Entry, query: FigureQuery) -> bool:
    threshold = query.threshold
    if threshold is None:
        return True
    return entry.best.value > threshold.value if threshold.degree == "more" else entry.best.value < threshold.value


def _in_period(event: Event, period: str | None) -> bool:
    if period is None:
        return True
    return event.start.isoformat()[: len(period)] <= period <= event.end.isoformat()[: len(period)]


def _named(venue: str, row_venue: str) -> bool:
    return venue.casefold() in row_venue.casefold()
