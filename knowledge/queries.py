"""Reads a query before it is searched: mends typos against the words of the shelf, adds other names of things."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from knowledge.document import Frozen

ALIASES = Path(__file__).parent / "aliases.yaml"
_WORD = re.compile(r"[^\W\d_]{4,}")
_SAME_WORD = 82
"""Percent of likeness from which an unknown word counts as a misspelled known one: "liqudation", "maintenence"."""
_NOW = re.compile(
    r"\b(now|latest|newest|current(ly)?|today|recent(ly)?|most recent|this (week|month|year))\b", re.IGNORECASE
)


class Query(Frozen):
    """A query as it is searched. `also` are other names of what it names; `fresh` says that it asks about now."""

    asked: str
    text: str
    also: tuple[str, ...] = ()
    fresh: bool = False


class Spelling:
    """The words of `texts`; `is_common` says whether any other word is ordinary language."""

    def __init__(self, texts: Iterable[str], is_common: Callable[[str], bool]) -> None:
        self._is_common = is_common
        self._known = {word.lower() for text in texts for word in _WORD.findall(text)}
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(self._known):
            self._by_initial.setdefault(word[0], []).append(word)

    def mended(self, text: str) -> str:
        """`text` with its misspelled words replaced; names, and words that nothing known is like, stay as they are."""
        return _WORD.sub(lambda match: self._mended(match[0]), text)

    def _mended(self, word: str) -> str:
        lower = word.lower()
        if lower in self._known or word != lower or self._is_common(lower):
            return word
        near = [known for known in self._by_initial.get(lower[0], ()) if abs(len(known) - len(lower)) <= 2]
        found = process.extractOne(lower, near, scorer=fuzz.ratio, score_cutoff=_SAME_WORD)
        return found[0] if found else word


class Aliases:
    """Groups of names for one thing."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._groups = [
            (re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in group), re.IGNORECASE), tuple(group))
            for group in groups
        ]

    @classmethod
    def load(cls, path: Path = ALIASES) -> "Aliases":
        return cls([[str(name) for name in group] for group in yaml.safe_load(path.read_text(encoding="utf-8"))])

    def also(self, text: str) -> tuple[str, ...]:
        """The other names of everything that `text` names.

        >>> Aliases([["bitcoin", "btc"]]).also("why did BTC fall")
        ('bitcoin',)
        """
        lower = text.lower()
        named = [group for pattern, group in self._groups if pattern.search(text)]
        return tuple(dict.fromkeys(name for group in named for name in group if name.lower() not in lower))


def is_about_now(text: str) -> bool:
    return _NOW.search(text) is not None
