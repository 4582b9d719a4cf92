"""Finds the long name that a misspelled word stands for; ordinary words and terms of the shelf stand for themselves."""

from collections.abc import Iterable

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 7
"""Letters of the shortest name that is recognised when misspelled."""
_LONG = 10
"""Letters from which a name may have two slips."""


class Spelling:
    """The `names` of one word that can be misspelled, and the words like them that are no misspellings."""

    def __init__(self, names: Iterable[str], ordinary: frozenset[str]) -> None:
        self._ordinary = ordinary
        self._stemmer = Stemmer.Stemmer("english")
        self._stems = frozenset(self._stemmer.stemWords(sorted(ordinary)))
        self._names: dict[tuple[str, int], list[str]] = {}
        for name in sorted(names):
            if len(name) >= SHORTEST and name.isascii() and name.isalpha():
                self._names.setdefault((name[0], len(name)), []).append(name)

    def name_of(self, word: str) -> str | None:
        """The name nearest to `word`, with the same first letter: one slip away, or two for a long name."""
        if word in self._ordinary:
            return None
        name = self.nearest(word)
        # Only here, since stemming costs more than looking up: hardly any word comes near a name.
        return None if name is None or self._stemmer.stemWord(word) in self._stems else name

    def nearest(self, word: str) -> str | None:
        """As `name_of`, whether or not `word` is ordinary."""
        best, fewest = None, 3
        if len(word) < SHORTEST - 1 or not word.isalpha():
            return None
        for length in range(len(word) - 2, len(word) + 3):
            allowed = min(2 if length >= _LONG else 1, fewest - 1)
            names = self._names.get((word[0], length))
            if names is None or abs(length - len(word)) > allowed:
                continue
            found = process.extractOne(word, names, scorer=OSA.distance, score_cutoff=allowed)
            if found is not None:
                best, fewest = found[0], int(found[1])
        return best
