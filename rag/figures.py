"""Chooses the published figures that answer a question about a crash, and says them with their sources."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge.figures import Event, Figure

_GRADE_ORDER = {"A": 0, "B": 1, "C": 2}


class Family(BaseModel):
    """The quantities that answer one kind of question; `quantities` by preference, `also` said beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: tuple[str, ...]
    quantities: tuple[str, ...]
    also: tuple[str, ...] = ()
    words: str | None = None
    """A pattern of words that ask for this kind of figure whatever else is asked."""


class Wording(BaseModel):
    """`label` heads the receipt; `says` is the sentence, with {value} where the number goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    says: str


class FigureGuide(BaseModel):
    """Everything `figures.yaml` says about asking for and saying published figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    families: Mapping[str, Family]
    headline: tuple[str, ...]
    quantities: Mapping[str, Wording]

    @classmethod
    def load(cls) -> "FigureGuide":
        return cls.model_validate(yaml.safe_load(Path(__file__).with_name("figures.yaml").read_text("utf-8")))

    def wording(self, quantity: str) -> Wording:
        """How to say `quantity`; one without a wording of its own is named by its words."""
        plain = quantity.replace("_", " ").removesuffix(" usd").removesuffix(" pct")
        return self.quantities.get(quantity) or Wording(label=plain.capitalize(), says=f"{plain}: {{value}}")

    def named(self, text: str) -> list[str]:
        """The families whose own words stand in `text`."""
        return [name for name, one in self.families.items() if one.words and re.search(one.words, text, re.IGNORECASE)]

    def figures(self, event: Event, family: str) -> tuple[Sequence[Figure], Sequence[Figure]]:
        """The event's figures of the family's best quantity, best first, and those said beside them.

        Grade A before B before C, the whole market before one venue, later publications before earlier ones.
        """
        chosen = self.families[family]
        candidates = [
            sorted((figure for figure in event.shown if figure.quantity == quantity), key=_rank)
            for quantity in chosen.quantities
        ]
        # The first quantity that has the best grade and speaks of the whole market; order decides the rest.
        main = min((found for found in candidates if found), key=lambda found: _rank(found[0])[:2], default=[])
        beside = [figure for quantity in chosen.also for figure in event.shown if figure.quantity == quantity]
        return main, sorted(beside, key=_rank)


def _rank(figure: Figure) -> tuple[int, bool, str]:
    # A later publication has the whole window; sort newest first within a grade by inverting the digits.
    date = (figure.source_date or "0000").ljust(10, "0").replace("-", "0")
    newest_first = "".join(str(9 - int(digit)) for digit in date if digit.isdigit())
    return _GRADE_ORDER[figure.grade], figure.scope not in {None, "market"}, newest_first
