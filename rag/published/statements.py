"""Finds what a message has wrong about a crash, its date or a number, by looking it up in the table of figures.

A number is wrong only where it cannot be a part of the whole: who says that bitcoin fell 5% is right on a day when it
fell 15%.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from knowledge.embedding import Embedder
from knowledge.figures import Event
from rag.examples import Examples
from rag.frame import Frame
from rag.meaning.polarity import is_negated
from rag.published.dating import misdated
from rag.published.dimension import Dimension
from rag.published.grammar import side_of
from rag.published.query import FigureQuery
from rag.published.row import FigureRow
from rag.published.table import FigureTable
from rag.quantities import Quantity, quantities
from rag.verifying.bounds import bound_of

_SENTENCE = re.compile(r"(?<=[.?!;])\s+")
_CLAUSE = re.compile(r"[,;?!]\s+|\s+(?=(?:when|while|who|what|why|how)\b)", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:if|would|could|might|will|suppose|imagine|scenario|maybe|perhaps)\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:my|mine|our|i (?:lost|had|was|got|held))\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:compar\w*|vs\.?|versus|than (?!\s*[\d$]))\b|\bthan\b(?!\s*[\d$])", re.IGNORECASE)
_LONGER = re.compile(
    r"\b(?:weeks?|months?|years?|later|until|then|afterwards?|ath|all[- ]time|averages?)\b|(?<!^)\b(?<!and )after\b"
    r"|\b(?:from|below|off) (?:its|the|an?) (?:\w+ )?(?:high|peak|top)\b",
    re.IGNORECASE,
)
_SHORTER = re.compile(r"\b(?:hours?|minutes?|mins?|early|first)\b", re.IGNORECASE)
_PREPOSITION = re.compile(r"[\s,]*\b(?:on|in|at|of|from|during|the|by)?\s*$", re.IGNORECASE)
_OTHER = "other"
_NEAR = 0.5
"""Cosine to an example statement from which a number is taken for its dimension."""
_SHARE_APART = 15.0
"""Percentage points: sources and windows differ by less."""
_BY_UNIT: Mapping[str, frozenset[str]] = {
    "percent": frozenset({"fall", "longs_share"}),
    "usd": frozenset({"liquidations", "low", "market_value"}),
    "count": frozenset({"traders"}),
    "plain": frozenset({"liquidations", "low", "market_value", "traders"}),
}
_LEAST: Mapping[str, float] = {"low": 1e2, "traders": 1e3, "liquidations": 1e6, "market_value": 1e6}
"""A bare number under this counts something else."""
_ROW_UNITS: Mapping[str, str] = {"fall": "pct", "longs_share": "pct", "traders": "count"}
_OF_WHOLE = frozenset({"liquidations_usd_24h", "liquidations_usd_48h", "liquidations_usd_event"})


@dataclass(frozen=True)
class Correction:
    """What is wrong about `event`: its date, with the crashes that came then, or a number, with what is published."""

    kind: Literal["date", "number"]
    event: Event
    instead: tuple[Event, ...] = ()
    dimension: Dimension | None = None
    stated: Quantity | None = None
    rows: tuple[FigureRow, ...] = ()


class StatementChecker:
    """Holds what a message says about a crash against the table."""

    def __init__(self, table: FigureTable, embedder: Embedder, cache: Path) -> None:
        self._table = table
        self._embedder = embedder
        self._examples = Examples(_statements(), embedder, cache)

    def corrections(self, frame: Frame) -> list[Correction]:
        """What `frame` has wrong; a wrong date first, and then no number, which may be of either time."""
        wrong = misdated(frame.text, self._table.events)
        if wrong is not None:
            return [Correction("date", wrong.event, wrong.instead)]
        if len(frame.events) != 1:
            return []
        return self._wrong_numbers(frame, frame.events[0])

    def _wrong_numbers(self, frame: Frame, event: Event) -> list[Correction]:
        for sentence in _SENTENCE.split(_unnamed(frame.text, event)):
            if is_negated(sentence) or _SUPPOSED.search(sentence) or _of_longer(sentence, event):
                continue
            for clause, stated in _stated(sentence):
                dimension = self._dimension(frame, clause, stated)
                if dimension is not None:
                    found = self._contradicted(frame, event, dimension, clause, stated)
                    if found is not None:
                        return [found]
        return []

    def _dimension(self, frame: Frame, clause: str, stated: Quantity) -> Dimension | None:
        """What `stated` is a number of: by its unit and by the example statement nearest to the clause."""
        allowed = _BY_UNIT.get(stated.unit, frozenset())
        if not allowed or _OWN.search(clause) or _COMPARED.search(clause):
            return None
        asked = _masked(_undated(clause), frame)
        similar = self._examples.similarities(self._embedder.embed([asked])[0])
        nearest = next((name for name in similar if name in allowed or name == _OTHER), _OTHER)
        if nearest == _OTHER or similar[nearest] < _NEAR:
            return None
        if stated.unit == "plain" and stated.value < _LEAST[nearest]:
            return None
        return next(name for name in _BOUNDS if name == nearest)

    def _contradicted(
        self, frame: Frame, event: Event, dimension: Dimension, clause: str, stated: Quantity
    ) -> Correction | None:
        assets = tuple(
            entity.symbol
            for entity in frame.entities
            if entity.kind in {"asset", "stablecoin"} and entity.symbol and _names_any(clause, entity.names)
        )
        asset = assets[0] if assets else None
        query = FigureQuery((dimension,), events=(event,), assets=assets[:1] if dimension in {"fall", "low"} else ())
        if dimension in {"fall", "low"} and asset is None:
            return None
        result = self._table.ask(query)
        # What only a weak source says sets nothing right, but whoever repeats it has read it somewhere.
        if not result.entries:
            return None
        published = self._published(event, dimension, asset)
        narrowed = bool(assets and dimension not in {"fall", "low"}) or _is_part(frame, clause)
        narrowed = narrowed and dimension != "longs_share"
        if not _far(dimension, published, stated, clause, narrowed=narrowed):
            return None
        return Correction("number", event, (), dimension, stated, result.entries[0].rows)

    def _published(self, event: Event, dimension: Dimension, asset: str | None) -> list[float]:
        guide = self._table.guide
        one = guide.dimensions[dimension]
        names = [name for name in one.quantities if asset is None or guide.quantity(name).asset in {None, asset}]
        if dimension == "liquidations":
            names = [name for name in (*names, *one.beside) if name in _OF_WHOLE or name in one.beside]
        unit = _ROW_UNITS.get(dimension, "USD")
        return [figure.value for figure in event.figures if figure.quantity in names and figure.unit == unit]


def _far(dimension: Dimension, published: Sequence[float], stated: Quantity, clause: str, *, narrowed: bool) -> bool:
    """Whether `stated` lies so far outside all that was published that it is no part of it."""
    if not published:
        return False
    too_little, too_much = _BOUNDS[dimension](published)
    bound, value = bound_of(clause, _in_clause(clause, stated)), abs(stated.value)
    if dimension == "longs_share" and side_of(clause) == "short":
        value = 100 - value
    if too_much is not None and value > too_much:
        return bound not in {"under", "at_most"}
    if too_little is not None and value < too_little:
        return bound not in {"over", "at_least"} and not narrowed
    return False


def _deeper(falls: Sequence[float]) -> tuple[float | None, float | None]:
    # Some falls are published for minutes only, and the day's is deeper; a fall of a half cannot be doubled.
    deepest = max(falls)
    return None, min(2 * deepest + 5, (deepest + 100) / 2)


_BOUNDS: Mapping[Dimension, Callable[[Sequence[float]], tuple[float | None, float | None]]] = {
    "fall": _deeper,
    "low": lambda lows: (0.85 * min(lows), None),
    "liquidations": lambda totals: (0.5 * min(totals), 1.5 * max(totals)),
    "traders": lambda counts: (0.5 * min(counts), 1.5 * max(counts)),
    "market_value": lambda lost: (None, 1.5 * max(lost)),
    "longs_share": lambda shares: (min(shares) - _SHARE_APART, max(shares) + _SHARE_APART),
}
"""From where on, below and above, published values speak against a number."""


def _stated(sentence: str) -> list[tuple[str, Quantity]]:
    """The numbers of a sentence that are no dates, each with the clause that it stands in."""
    ends = [match.end() for match in _CLAUSE.finditer(sentence)]
    starts = [0, *ends]
    found = []
    for stated in quantities(sentence):
        if stated.day is None:
            start = max(place for place in starts if place <= stated.start)
            end = min((place for place in ends if place >= stated.end), default=len(sentence))
            found.append((sentence[start:end].strip(" ,;?!"), stated))
    return found


def _of_longer(sentence: str, event: Event) -> bool:
    """Whether a sentence is of another or a longer time: it names a year, or a month that is not the crash's."""
    if _LONGER.search(sentence):
        return True
    months = {event.start.isoformat()[:7], event.end.isoformat()[:7]}
    stated = [quantity.day for quantity in quantities(sentence) if quantity.day and quantity.day[0] != "-"]
    return any(len(day) < len("2025-11-04") and day not in months for day in stated)


def _unnamed(text: str, event: Event) -> str:
    """`text` without the numbers in the name of its crash, which are none of its figures."""
    numbered = [name for name in (event.name, *event.aliases) if any(not one.day for one in quantities(name))]
    for name in numbered:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "the crash", text, flags=re.IGNORECASE)
    return text


def _undated(clause: str) -> str:
    """A clause without its dates."""
    for stated in reversed([one for one in quantities(clause) if one.day]):
        clause = f"{_PREPOSITION.sub('', clause[: stated.start])} {clause[stated.end :].strip()}"
    return clause.strip()


def _masked(clause: str, frame: Frame) -> str:
    """A clause with its coins called bitcoin, as the examples call them."""
    for entity in frame.entities:
        if entity.kind == "asset" and entity.symbol in {"BTC", "ETH"}:
            for name in entity.names:
                clause = re.sub(rf"\b{re.escape(name)}\b", "bitcoin", clause, flags=re.IGNORECASE)
    return clause


def _is_part(frame: Frame, clause: str) -> bool:
    """Whether a clause speaks of a side, a venue or less than a day, so that its number may be smaller."""
    venues = any(_names_any(clause, entity.names) for entity in frame.venues)
    return venues or side_of(clause) is not None or _SHORTER.search(clause) is not None


def _names_any(text: str, names: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)


def _in_clause(clause: str, stated: Quantity) -> Quantity:
    return next((one for one in quantities(clause) if one.text == stated.text), stated)


@lru_cache(maxsize=1)
def _statements() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("statements.yaml").read_text("utf-8"))
    return read
