"""A question to the table of published figures, and what comes back: rows in the order of the answer, and gaps."""

from dataclasses import dataclass
from typing import Literal

from knowledge.figures import Event
from rag.frame import Aggregate, By, Side, Unit
from rag.published.dimension import Dimension
from rag.published.row import FigureRow

Degree = Literal["more", "less"]


@dataclass(frozen=True)
class Threshold:
    """A number that figures are held against: more than (`more`) or less than it."""

    degree: Degree
    value: float
    unit: str


@dataclass(frozen=True)
class FigureQuery:
    """What is asked of the table. No `events` means all of them, or those of `period` (ISO, also partial).

    `events`, `assets` and `venues` are in the order of the question. `ascending` puts the smallest first, `top` is how
    many are wanted, `degree` says whether the first named is asked or said to have more or less than the second.
    """

    dimensions: tuple[Dimension, ...]
    aggregate: Aggregate = "value"
    by: By = "event"
    events: tuple[Event, ...] = ()
    assets: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    side: Side | None = None
    unit: Unit | None = None
    period: str | None = None
    ascending: bool = False
    top: int | None = None
    degree: Degree | None = None
    threshold: Threshold | None = None

    @property
    def dimension(self) -> Dimension:
        return self.dimensions[0]


@dataclass(frozen=True)
class Entry:
    """One of the things compared: a crash, a venue or a coin. `rows` are its sources for one measure, best first."""

    name: str
    rows: tuple[FigureRow, ...]

    @property
    def best(self) -> FigureRow:
        return self.rows[0]

    @property
    def low(self) -> float:
        return min(row.value for row in self.rows)

    @property
    def high(self) -> float:
        return max(row.value for row in self.rows)


@dataclass(frozen=True)
class Missing:
    """What no source here gives: a dimension of a crash, and the coin or venue where one was asked for."""

    event: Event
    dimension: Dimension
    asset: str | None = None
    venue: str | None = None
    side: Side | None = None
    unit: Unit | None = None


@dataclass(frozen=True)
class FigureResult:
    """The answer of the table to `query`.

    `entries` are in the order of the answer and of one part and unit; `apart` have a figure only for another part of
    the market, or in another unit, and stand outside the order; `beside` belong to a single answer, `others` are the
    same quantity over other windows. `asked` is how many crashes were looked at.
    """

    query: FigureQuery
    entries: tuple[Entry, ...]
    apart: tuple[Entry, ...] = ()
    beside: tuple[FigureRow, ...] = ()
    others: tuple[FigureRow, ...] = ()
    missing: tuple[Missing, ...] = ()
    asked: int = 0

    @property
    def spans(self) -> tuple[str, ...]:
        """The kinds of window that the entries count over; more than one has to be said."""
        return tuple(dict.fromkeys(entry.best.span for entry in self.entries))
