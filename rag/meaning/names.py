"""The proper names in a text: assets by symbol, and venues, firms and countries as written."""

import re

from rag.assets import asset_names, assets_in
from rag.meaning.words import words

_TOKEN = re.compile(r"[A-Za-z][\w.&-]*")
_ASSET_NAMES = frozenset(name.lower() for name in asset_names())


def names_in(text: str) -> frozenset[str]:
    """Names in lower case; an asset counts as its symbol however it is written.

    A capital inside a sentence makes a name; the first word of a sentence is one only if it is known or has
    a capital after its first letter.

    >>> sorted(names_in("The FTX collapse hit bitcoin and Bybit."))
    ['BTC', 'bybit', 'ftx']
    """
    found = set(assets_in(text))
    for match in _TOKEN.finditer(text):
        word = match[0].rstrip(".")
        starts = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!:"
        capital_inside = any(letter.isupper() for letter in word[1:])
        capital = word[0].isupper() and not starts
        if word.lower() in _ASSET_NAMES | words("units") or _is_month(word):
            continue
        if word.lower() in words("names") or capital_inside or capital:
            found.add(word.lower())
    return frozenset(found)


def _is_month(word: str) -> bool:
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    return word[:3].lower() in months and word[0].isupper()
