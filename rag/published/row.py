"""One row of the table of published figures, made from a figure of an event or from the event's own days."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.figures import Event, Figure, Grade
from rag.frame import Side
from rag.published.dimension import Dimension, PublishedGuide
from rag.quantities import quantities

_GRADES = "ABC"
_ONLY = re.compile(r"^(?P<asset>[A-Z]{2,6}) only$")
_SIDES = re.compile(r"\b(?P<side>long|short)s\b", re.IGNORECASE)


@dataclass(frozen=True)
class FigureRow:
    """A published figure of a crash with everything that decides what it may be compared with.

    `span` is the kind of time it counts over, `window` the publisher's own words. For the days of a crash `figure` is
    None and `value` is a count of days: from the first to the last, or from year 1 for a date.
    """

    event: Event
    dimension: Dimension
    quantity: str
    value: float
    unit: str
    window: str
    span: str
    grade: Grade
    source: str
    date: str | None
    scope: str | None = None
    venue: str | None = None
    asset: str | None = None
    side: Side | None = None
    wave: str | None = None
    url: str | None = None
    approximate: bool = False
    note: str = ""
    days: frozenset[str] = frozenset()
    figure: Figure | None = None

    @property
    def whole(self) -> bool:
        """Whether it is of the whole market and not of one venue."""
        return self.venue is None

    @property
    def part(self) -> tuple[str | None, ...]:
        """What it is a part of: rows may be compared where this is the same."""
        return self.venue, self.asset, self.unit

    @property
    def measure(self) -> tuple[str | None, ...]:
        """What it measures: sources that give another value for the same measure disagree."""
        window = "24 h" if re.search(r"\b24 h\b", self.window) else self.window.lower()
        return self.quantity, self.scope, self.venue, self.asset, self.side, self.wave, window

    def rank(self, day: str | None = None) -> tuple[int, bool, bool, str]:
        """Best first: grade, whole market before one venue, the day asked for, later publication."""
        newest = "".join(str(9 - int(digit)) for digit in (self.date or "").replace("-", "").ljust(8, "0"))
        return _GRADES.index(self.grade), not self.whole, day is not None and day not in self.days, newest


def rows_of(event: Event, guide: PublishedGuide) -> Iterator[FigureRow]:
    """The rows of an event: its figures that may be shown, then its days."""
    for figure in event.shown:
        dimension = guide.dimension_of(figure.quantity)
        if dimension is not None:
            yield _of_figure(event, figure, dimension, guide)
    yield from _of_days(event)


def _of_figure(event: Event, figure: Figure, dimension: Dimension, guide: PublishedGuide) -> FigureRow:
    fixed = guide.quantity(figure.quantity)
    scope = None if figure.scope in guide.whole else figure.scope
    venue = None if figure.venue in guide.whole else figure.venue
    asset, side = figure.asset or fixed.asset, fixed.side
    if scope is not None:
        only, sides = _ONLY.match(scope), _SIDES.search(scope)
        asset = asset or (only["asset"] if only else None)
        side = side or (_side(sides["side"]) if sides else None)
        venue = venue or (None if only else _SIDES.sub("", scope).strip() or None)
    return FigureRow(
        event=event,
        dimension=dimension,
        quantity=figure.quantity,
        value=figure.value,
        unit=figure.unit,
        window=figure.window,
        span=fixed.span or span_of(figure.window),
        grade=figure.grade,
        source=figure.source,
        date=figure.source_date,
        scope=figure.scope,
        venue=venue or fixed.venue,
        asset=asset,
        side=side,
        wave=figure.wave,
        url=str(figure.source_url) if figure.source_url else None,
        approximate=figure.approximate,
        note=figure.note,
        days=_days(event, " ".join(filter(None, (figure.window, figure.wave)))),
        figure=figure,
    )


def _of_days(event: Event) -> Iterator[FigureRow]:
    days = (event.end - event.start).days + 1
    window = f"{event.start.isoformat()} to {event.end.isoformat()}"
    values: list[tuple[Dimension, float, str]] = [
        ("start", float(event.start.toordinal()), "date"),
        ("end", float(event.end.toordinal()), "date"),
        ("duration", float(days), "days"),
    ]
    if event.lowest_at is not None:
        values.append(("low_time", event.lowest_at.timestamp() / 86400, "date"))
    for dimension, value, unit in values:
        yield FigureRow(
            event=event,
            dimension=dimension,
            quantity=dimension,
            value=value,
            unit=unit,
            window=window,
            span="event",
            grade="A",
            source=event.name,
            date=event.updated.isoformat(),
            asset="BTC" if dimension == "low_time" else None,
        )


def span_of(window: str) -> str:
    """The kind of time that a publisher's window is.

    >>> span_of("24 h to 9 Nov"), span_of("20 min"), span_of("peak 73,835 to low 60,771"), span_of("13 Jun")
    ('day', 'minutes', 'from a high', 'day')
    """
    if re.search(r"\b24 h\b|\bintraday\b|\bday\b|\bsession\b", window):
        return "day"
    if re.search(r"\bminutes?\b|\bmin\b", window):
        return "minutes"
    if re.search(r"\bhours?\b|\b\d+ h\b|\bmorning\b|\bafternoon\b", window):
        return "hours"
    if re.search(r"\d,\d{3} to \b|\b(?:peak|high|record)\b", window):
        return "from a high"
    if re.search(r"\bevent\b|\b\d+ d\b|\bweekend\b|\bdays\b", window):
        return "several days"
    return "day"


def _days(event: Event, words: str) -> frozenset[str]:
    """The days that a window names, which is in the year of the event."""
    named = [stated.day for stated in quantities(words) if stated.day]
    return frozenset(f"{event.start.year}{day[1:]}" if day.startswith("--") else day for day in named)


def _side(word: str) -> Side:
    return "long" if word.lower() == "long" else "short"
