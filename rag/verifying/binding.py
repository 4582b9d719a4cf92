"""What a number belongs to: the asset, venue, side, direction and day named nearest to it.

A number that the evidence states of ether does not carry a claim about bitcoin, although the evidence names both.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from knowledge.gazetteer import Gazetteer
from rag.evidence import Evidence
from rag.meaning.names import names_in
from rag.quantities import Quantity, quantities
from rag.sentences import sentences
from rag.verifying.numbers import Stated, carried, numbers_beside, stated_in

Kind = Literal["asset", "name", "side", "direction", "market", "mode", "day"]
ALL_KINDS: frozenset[Kind] = frozenset(get_args(Kind))
Belongs = Mapping[Kind, frozenset[str]]
"""What a number belongs to, by kind; nothing is known of a kind that is absent."""

_CLAUSE = re.compile(r"[;:]\s|,\s|\s\+\s|\s(?:and|but|while|whereas|versus|against)\s", re.IGNORECASE)
_WORDS: Mapping[Kind, Mapping[str, str]] = {
    "side": {"long": r"longs?\b(?![- ]term)", "short": r"shorts?\b(?![- ]term)"},
    "direction": {
        "up": r"ris(?:e|es|ing|en)\b|rose\b|gain(?:s|ed|ing)?\b|climb\w*|increas\w+|rall(?:y|ied|ies)\b"
        r"|gr[eo]w\w*|above\b|up\b|inflows?\b|profit\w*|widen\w*|positive\b",
        "down": r"fall(?:s|ing|en)?\b|fell\b|drop(?:s|ped|ping)?\b|slid\w*|declin\w+|decreas\w+|los[ets]\w*"
        r"|shr[aiu]nk\w*|below\b|under\b|down\b|drawdown\b|outflows?\b|narrow\w*|negative\b|minus\b",
    },
    "market": {"spot": r"spot\b", "derivatives": r"derivatives?\b|futures\b|perpetuals?\b"},
    "mode": {"isolated": r"isolated\b", "cross": r"cross\b(?!-)"},
}
_PATTERNS = {
    kind: {name: re.compile(rf"\b(?:{words})", re.IGNORECASE) for name, words in named.items()}
    for kind, named in _WORDS.items()
}
_ASIDE = re.compile(r"\([^()]*\)")
"""Publishers and their dates stand in parentheses; a number does not belong to them."""

_SIGNED = re.compile(r"\b(?:change|return|rate|basis|premium)\b[^:.]*:\s*$", re.IGNORECASE)
"""Before a number that has its direction in its sign alone: "Price change of ETH over 24h: -7.4%"."""

_REMEMBERED = 5_000
"""Texts of evidence whose numbers are remembered with what they belong to."""


class Placed(NamedTuple):
    """A number and what it belongs to."""

    stated: Stated
    belongs: Belongs


def misplaced_numbers(text: str, cited: Sequence[Evidence], kinds: frozenset[Kind] = ALL_KINDS) -> tuple[str, ...]:
    """The numbers of `text`, as written, that the evidence states only of another asset, side, direction or day.

    `kinds` are those that are compared.
    """
    known = [one for item in cited for one in _placed_in(item)]
    return tuple(
        one.stated.quantity.text
        for sentence in sentences(text)
        for one in placed(sentence)
        if one.stated.quantity.unit != "date"
        and not any(
            carried(one.stated, [other.stated], text) and _fits(one.belongs, other.belongs, kinds) for other in known
        )
    )


def placed(sentence: str, around: str = "") -> list[Placed]:
    """The numbers of one sentence with what is named nearest to each; what it leaves unnamed, `around` may name."""
    clauses = _clauses(sentence)
    said = [_belongs(_ASIDE.sub(" ", clause)) for _, clause in clauses]
    beyond = _belongs(around)
    return [Placed(one, _nearest(one.quantity, sentence, clauses, said, beyond)) for one in stated_in(sentence)]


def _placed_in(item: Evidence) -> list[Placed]:
    title = _belongs(item.title)
    return [*_written(item.text, item.title), *(Placed(one, title) for one in numbers_beside(item))]


@lru_cache(maxsize=_REMEMBERED)
def _written(text: str, title: str) -> tuple[Placed, ...]:
    return tuple(one for sentence in sentences(text) for one in placed(sentence, title))


def _clauses(sentence: str) -> list[tuple[int, str]]:
    """The clauses of a sentence and where each ends; the comma of "10 October, 2025" or of a number parts nothing."""
    ends = [
        match.start()
        for match in _CLAUSE.finditer(sentence)
        if not any(one.start < match.start() < one.end for one in quantities(sentence))
    ]
    bounds = [0, *ends, len(sentence)]
    return [(end, sentence[start:end]) for start, end in pairwise(bounds)]


def _nearest(
    quantity: Quantity, sentence: str, clauses: Sequence[tuple[int, str]], said: Sequence[Belongs], beyond: Belongs
) -> Belongs:
    own = next(number for number, (end, _) in enumerate(clauses) if quantity.start < end or end == len(sentence))
    order = [*range(own, -1, -1), *range(own + 1, len(clauses))]
    kinds = {kind for belongs in (*said, beyond) for kind in belongs}
    found: dict[Kind, frozenset[str] | None] = {
        kind: next((said[place][kind] for place in order if kind in said[place]), beyond.get(kind)) for kind in kinds
    }
    if _SIGNED.search(sentence[: quantity.start]):
        found["direction"] = frozenset({"down" if quantity.value < 0 else "up"})
    return {kind: names for kind, names in found.items() if names}


def _belongs(text: str) -> Belongs:
    found: dict[Kind, frozenset[str]] = {
        kind: frozenset(name for name, pattern in named.items() if pattern.search(text))
        for kind, named in _PATTERNS.items()
    }
    found["asset"] = frozenset(Gazetteer.load().assets(text))
    found["name"] = names_in(text) - found["asset"]
    found["day"] = frozenset(one.day for one in quantities(text) if one.day)
    return {kind: names for kind, names in found.items() if names}


def _fits(claimed: Belongs, known: Belongs, kinds: frozenset[Kind]) -> bool:
    return all(
        any(_same(one, other) for one in names for other in known[kind])
        for kind, names in claimed.items()
        if kind in known and kind in kinds
    )


def _same(one: str, other: str) -> bool:
    """Equal, or a day within the month or year that the other names."""
    return (
        one == other
        or one.startswith(other)
        or other.startswith(one)
        or (other[:2] == "--" and one.endswith(other[1:]))
    )
