"""Published numbers about crash events, each with its source and date; conflicting ones are all kept."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field, HttpUrl

from knowledge.document import Frozen

Grade = Literal["A", "B", "C"]


class Figure(Frozen):
    """One published number. `unit` is USD, pct, count, index_0_100 or a coin; `window` is the publisher's own.

    Grade A is a primary source or established newsroom, B trade press or identifiable research, C a user
    post or content farm that stands only beside a better source. `source_url` is None for hosts that are
    not linked.
    """

    quantity: str = Field(pattern=r"^[a-z0-9_]+$")
    value: float
    unit: str
    window: str
    note: str = ""
    source: str
    source_url: HttpUrl | None
    source_date: str | None = Field(default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    grade: Grade
    derived: bool = False
    scope: str | None = None
    venue: str | None = None
    asset: str | None = None
    wave: str | None = None
    approximate: bool = False


class Event(Frozen):
    """A crash: when it was, what people call it, why it came, what followed, and its published figures.

    `own_names` are those that no crash of another time is called by: "FTX collapse", and not "tariff crash".
    `lowest_at` is when bitcoin stood lowest, where a source or an exchange's candles tell the time of day.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    own_names: tuple[str, ...] = ()
    start: date
    end: date
    lowest_at: AwareDatetime | None = None
    updated: date
    summary: str
    causes: tuple[str, ...]
    aftermath: tuple[str, ...]
    conflicts: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = Field(min_length=1)

    @property
    def slug(self) -> str:
        """Of the document that tells the event: 2022-11-ftx."""
        return self.id.replace("_", "-")

    @property
    def shown(self) -> tuple[Figure, ...]:
        """The figures that may be shown: one of grade C only where a better source gives the same quantity."""
        better = {_kind(figure) for figure in self.figures if figure.grade != "C"}
        return tuple(figure for figure in self.figures if figure.grade != "C" or _kind(figure) in better)

    def as_shown(self) -> "Event":
        """The event with the figures that may be shown."""
        return self.model_copy(update={"figures": self.shown})


def _kind(figure: Figure) -> tuple[str, str | None, str | None]:
    """What a figure measures; scope and venue narrow it, and a whole is beside its part."""
    return figure.quantity, figure.asset, figure.wave
