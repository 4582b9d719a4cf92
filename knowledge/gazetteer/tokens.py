"""Cuts text into words with their places, folded so that case, accents and full-width letters do not matter."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(r"[^\W_][\w\u0300-\u036f₮]*|[&₿Ξ]")
_JOINED = re.compile(r"\s|\s?[-‐‑–./'’]\s?|")
"""What may stand between two words of one name: "Mt. Gox", "gate.io", "S&P"."""
_CUT_SHORT = 3
_SIGNS = str.maketrans({"&": "and", "₮": "t"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word: folded, and its place in the text."""

    word: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of `text` in reading order; "&" is the word "and".

    >>> [token.word for token in tokens("Mt. Gox, S&P")]
    ['mt', 'gox', 's', 'and', 'p']
    """
    return [Token(folded(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def folded(word: str) -> str:
    """`word` in lower case, without accents."""
    if word.isascii():
        return "and" if word == "&" else word.lower()
    plain = unicodedata.normalize("NFKD", word.translate(_SIGNS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


@cache
def key_of(name: str) -> str:
    """The words of a name, folded and parted by single spaces.

    >>> key_of("Mt. Gox")
    'mt gox'
    """
    if name.isascii() and name.isalnum():
        return name.lower()
    return " ".join(folded(word) for word in _TOKEN.findall(name))


def are_joined(text: str, left: Token, right: Token) -> bool:
    """Whether two neighbouring words may belong to one name."""
    gap = right.start - left.end
    if gap > 3 or not _JOINED.fullmatch(text, left.end, right.start):
        return False
    # A full stop before a space ends a sentence, except after what is cut short: "Mt. Gox".
    return gap < 2 or text[left.end] != "." or left.end - left.start <= _CUT_SHORT
