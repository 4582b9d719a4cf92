"""Reads a query before it is searched: mends typos against the words of the shelf, adds other names of things."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from knowledge.document import Frozen

ALIASES = Path(__file__).parent / "aliases.yaml"
STATEMENTS = Path(__file__).parent / "lineitems.yaml"
_WORD = re.compile(r"[^\W\d_]{4,}")
_SAME_WORD = 82
"""Percent of likeness from which an unknown word counts as a misspelled known one: "liqudation", "maintenence"."""
_NOW = re.compile(
    r"\b(now|latest|newest|current(ly)?|today|recent(ly)?|most recent|this (week|month|year))\b", re.IGNORECASE
)


class Query(Frozen):
    """A query as it is searched. `also` are other names of what it names, `shown` the words of the report's lines that
    show what is asked for; `fresh` says that it asks about now."""

    asked: str
    text: str
    also: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
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
        self._groups = [(_any_of(group), tuple(group)) for group in groups]

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


class Statements:
    """Which lines of which statement of an annual report show what a question asks for."""

    def __init__(self, entries: Sequence[Mapping[str, Sequence[str]]]) -> None:
        self._entries = [(_any_of(entry["asked"]), tuple(entry["shown"])) for entry in entries]

    @classmethod
    def load(cls, path: Path = STATEMENTS) -> "Statements":
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def shown(self, text: str) -> tuple[str, ...]:
        """The words of these lines, those of the statement first.

        >>> Statements([{"asked": ["capex"], "shown": ["statements of cash flows"]}]).shown("What was the capex?")
        ('statements of cash flows',)
        """
        return tuple(dict.fromkeys(line for asked, shown in self._entries if asked.search(text) for line in shown))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.IGNORECASE)


def is_about_now(text: str) -> bool:
    return _NOW.search(text) is not None
