"""Finds the documents that a question names: by company, product, event, year or file name."""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

_WORD = re.compile(r"[A-Za-z]+|\d+")
_MIXED = re.compile(r"[A-Za-z]*\d+[A-Za-z]+\d*")
"""Names like "3M"; what follows the figures sets them apart from "FY2018" and "Q3"."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEGINNING, _SMALL_BEGINNING = 3, 5
"""Letters of a name from which it may stand for a longer one that it begins; more where it has no capital, since "deb"
is not "Debian"."""
_COVER_LINE, _COVER_LINES = 60, 12
"""Characters of a line of the cover that may name the document, and how many of these are looked at."""
_MANY = 20
"""More documents than that are a whole collection, and name none in particular."""
_IDLE = frozenset(
    {"the", "a", "an", "of", "and", "or", "in", "on", "for", "to", "with", "from", "by", "at", "as", "is", "are", "was"}
    | {"were", "be", "it", "its", "this", "that", "what", "which", "who", "how", "why", "when", "where", "did", "does"}
    | {"do", "has", "have", "had", "report", "reports", "annual", "quarterly", "form", "filing", "inc", "corp", "ltd"}
    | {"corporation", "company", "plc", "co", "group", "holdings", "fy", "year", "years", "total", "amount", "usd"}
    | {"pdf", "html", "final", "version", "guide", "manual", "10k", "10q", "8k", "20f", "6k"}
)


class Names:
    """The names of documents; `titles` by slug, `is_common` says whether a word is ordinary language."""

    def __init__(self, titles: Mapping[str, str], is_common: Callable[[str], bool]) -> None:
        self._is_common = is_common
        self._holders: dict[str, list[str]] = {}
        for slug, title in titles.items():
            for word in _words(f"{slug} {title}"):
                self._holders.setdefault(word, []).append(slug)
        self._sorted = sorted(self._holders)
        self._weight = {word: math.log((1 + len(titles)) / len(slugs)) for word, slugs in self._holders.items()}

    def named(self, question: str) -> dict[str, float]:
        """Documents that `question` names, with how well in (0, 1]; none if it names none in particular.

        A word counts as a name when it is no ordinary word, or is written like one ("Apple"), or stands beside the
        year of the same document.
        """
        asked = _asked(question)
        years = {word for word in asked if _YEAR.fullmatch(word)}
        capitals = _capitalised(question)
        mixed = {word for word in map(str.lower, _MIXED.findall(question)) if word not in _IDLE}
        names = {
            word for word in asked if not word.isdigit() and (word in capitals or not self._is_common(word))
        } | mixed
        matches: dict[str, set[str]] = {}
        begun = self._begun_by(names, {word.lower() for word in _WORD.findall(question) if word[0].isupper()})
        for word in asked | mixed | begun:
            for slug in self._holders.get(word, ()):
                matches.setdefault(slug, set()).add(word)
        names |= begun
        scores: dict[str, float] = {}
        for slug, matched in matches.items():
            others = {word for word in matched if word not in years}
            if not others or not (names & others or (len(matched) > 1 and years & matched)):
                continue
            scores[slug] = sum(self._weight[word] for word in matched)
        best = max(scores.values(), default=0.0)
        # Half the weight is the name without its year, or the year with half the name: near, but not what was named.
        named = {slug: score / best for slug, score in scores.items() if best > 0 and score >= 0.75 * best}
        return named if len(named) <= _MANY else {}

    def _begun_by(self, names: Iterable[str], capitals: Collection[str]) -> set[str]:
        """Words of documents that a name begins: "Pepsi" and "PEPSICO", "CVS" and "CVSHEALTH"."""
        begun = [
            name
            for name in names
            if len(name) >= (_BEGINNING if name in capitals else _SMALL_BEGINNING) and name not in self._holders
        ]
        return {word for name in begun for word in self._beginning_with(name) if not word.isdigit()}

    def _beginning_with(self, name: str) -> Iterator[str]:
        for place in range(bisect_left(self._sorted, name), len(self._sorted)):
            if not self._sorted[place].startswith(name):
                return
            yield self._sorted[place]


def cover_of(text: str) -> str:
    """What a first page may call its document: its short lines."""
    lines = [line for line in text.splitlines() if line.strip() and len(line) <= _COVER_LINE]
    return "\n".join(lines[:_COVER_LINES])


def _words(text: str) -> frozenset[str]:
    found = [*_WORD.findall(text), *_MIXED.findall(text)]
    return frozenset(word for word in map(str.lower, found) if word not in _IDLE and len(word) > 1)


def _asked(question: str) -> frozenset[str]:
    """The question's words, and neighbours written as one: file names say "AMERICANEXPRESS"."""
    words = [word.lower() for word in _WORD.findall(question)]
    joined = {"".join(words[n : n + size]) for size in (2, 3) for n in range(len(words) - size + 1)}
    years = {f"20{word[-2:]}" for word in re.findall(r"\bFY ?(\d\d)\b", question, re.IGNORECASE)}
    return frozenset((set(words) | joined | years) - _IDLE)


def _capitalised(question: str) -> frozenset[str]:
    """Words with a capital inside a sentence, alone and with the next."""
    words = _WORD.findall(question)
    upper = [n for n, word in enumerate(words) if n and word[0].isupper()]
    joined = {"".join(words[n : n + size]).lower() for n in upper for size in (1, 2, 3)}
    return frozenset(joined)
