"""The proper names in a text: assets by symbol, and venues, firms and countries as written."""

import re
from functools import cache

from knowledge.gazetteer import EntityKind, Gazetteer
from knowledge.gazetteer.calendar import MONTHS
from rag.meaning.words import words

_TOKEN = re.compile(r"[A-Za-z][\w.&-]*")
_KNOWN: tuple[EntityKind, ...] = (
    "stablecoin", "venue", "protocol", "chain", "fund", "lender", "company", "person", "product", "place", "regulator",
    "publisher",
)  # fmt: skip
"""Kinds of names that are known where they begin a sentence, as a capital says nothing there."""


def names_in(text: str) -> frozenset[str]:
    """Names in lower case; an asset counts as its symbol however it is written.

    A capital inside a sentence makes a name; the first word of a sentence is one only if it is known or has
    a capital after its first letter.

    >>> sorted(names_in("The FTX collapse hit bitcoin and Bybit."))
    ['BTC', 'bybit', 'ftx']
    """
    assets = Gazetteer.load().asset_spans(text)
    found = {symbol for _, symbol in assets}
    for match in _TOKEN.finditer(text):
        word = match[0].rstrip(".")
        if any(start < match.end() and match.start() < end for (start, end), _ in assets):
            continue
        starts = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!:"
        capital_inside = any(letter.isupper() for letter in word[1:])
        capital = word[0].isupper() and not starts
        if word.lower() in words("units") or _is_month(word):
            continue
        known = word.lower() in _known_names() or (word[0].isupper() and word.lower() in _written_names())
        if known or capital_inside or capital:
            found.add(word.lower())
    return frozenset(found)


@cache
def _known_names() -> frozenset[str]:
    """Names of one word that are no ordinary words."""
    gazetteer = Gazetteer.load()
    named = {name.lower() for entity in gazetteer.of_kind(*_KNOWN) for name in entity.names}
    return frozenset(name for name in named & gazetteer.unmistakable_names() if " " not in name)


@cache
def _written_names() -> frozenset[str]:
    """Names of one word, also those that are ordinary words: with a capital they are names."""
    named = {name.lower() for entity in Gazetteer.load().of_kind(*_KNOWN) for name in entity.names}
    return frozenset(name for name in named if " " not in name)


def _is_month(word: str) -> bool:
    return word[0].isupper() and any(word[:3].lower() == month[:3].lower() for month in MONTHS)
