"""Notices that a question gives a crash a number far from everything published about it; says none of them itself."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge.figures import Event, Figure
from rag.premises import is_negated
from rag.quantities import Quantity, Unit, quantities
from rag.verifying.bounds import bound_of

_SENTENCE = re.compile(r"(?<=[.?!;])\s+")
_PLACE = re.compile(r"\{([a-z_]+)\}")


class _Kind(BaseModel):
    """How a number is said (`before` it, `after` it), and from where on published figures speak against it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
    unit: Unit
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    quantities: re.Pattern[str]
    too_much: Literal["far_deeper", "far_more"] | None = None
    too_little: Literal["far_lower", "far_fewer"] | None = None
    narrows: bool = False
    least: float = 1e3


class _Words(BaseModel):
    """What `misquoting.yaml` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    narrower: re.Pattern[str]
    not_of_the_crash: re.Pattern[str]
    kinds: tuple[_Kind, ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    read = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    pieces: dict[str, str] = {}
    for name, pattern in read["words"].items():
        pieces[name] = _filled(pattern, pieces)
    kinds = []
    for kind in read["kinds"]:
        before, after = (_filled(kind[side], pieces) if side in kind else None for side in ("before", "after"))
        sides = {
            "before": _pattern(f"{before}$") if before else None,
            "after": _pattern(rf"^\W*{after}") if after else None,
        }
        kinds.append(_Kind.model_validate({**kind, **sides}))
    return _Words(
        narrower=_pattern(read["narrower"]), not_of_the_crash=_pattern(read["not_of_the_crash"]), kinds=tuple(kinds)
    )


def _filled(pattern: str, pieces: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: pieces[match[1]], pattern)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def _far_deeper(falls: Sequence[float]) -> float:
    # Some falls are published for minutes only, and the day's is deeper; a fall of a half cannot be doubled.
    deepest = max(falls)
    return min(2 * deepest + 5, (deepest + 100) / 2)


_BOUNDS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "far_deeper": _far_deeper,
    "far_lower": lambda lows: 0.85 * min(lows),
    "far_more": lambda totals: 1.5 * max(totals),
    "far_fewer": lambda totals: 0.5 * min(totals),
}


@dataclass(frozen=True)
class Misquoted:
    """A crash, and the family of its figures that a number contradicts."""

    event: Event
    family: str


def misquoted(text: str, event: Event) -> Misquoted | None:
    """What a number of `text` contradicts, or None: it lies far outside all that was published.

    Only what cannot be a part of the whole is taken for wrong: whoever says that bitcoin fell 5% is right on a day when
    it fell 15%.
    """
    for sentence in _SENTENCE.split(text):
        if is_negated(sentence) or _words().not_of_the_crash.search(sentence) or _of_longer(sentence, event):
            continue
        for quantity, kind in product(quantities(sentence), _words().kinds):
            if _says(kind, sentence, quantity) and _contradicted(kind, sentence, quantity, event.shown):
                return Misquoted(event, kind.family)
    return None


def _of_longer(sentence: str, event: Event) -> bool:
    """Whether `sentence` names a year, or a month that is not the crash's: its number may be of that."""
    months = {event.start.isoformat()[:7], event.end.isoformat()[:7]}
    stated = [quantity.day for quantity in quantities(sentence) if quantity.day and quantity.day[0] != "-"]
    return any(len(day) < len("2025-11-04") and day not in months for day in stated)


def _says(kind: _Kind, text: str, quantity: Quantity) -> bool:
    bare = quantity.unit == "plain" and kind.unit in {"usd", "count"} and quantity.value >= kind.least
    before = kind.before is not None and kind.before.search(text[: quantity.start])
    after = kind.after is not None and kind.after.search(text[quantity.end :])
    return (quantity.unit == kind.unit or bare) and bool(before or after)


def _contradicted(kind: _Kind, text: str, quantity: Quantity, figures: Sequence[Figure]) -> bool:
    published = [figure.value for figure in figures if kind.quantities.search(figure.quantity)]
    if not published:
        return False
    bound, value = bound_of(text, quantity), abs(quantity.value)
    if kind.too_much and value > _BOUNDS[kind.too_much](published):
        return bound not in {"under", "at_most"}
    if kind.too_little and value < _BOUNDS[kind.too_little](published):
        return bound not in {"over", "at_least"} and not (kind.narrows and _words().narrower.search(text))
    return False
