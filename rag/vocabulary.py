"""Knows which words the knowledge uses, so that a name nobody here has written about is noticed.

Vectors are no help there: "the Mt. Gox collapse" lies close to every other collapse of an exchange.
"""

import re
from collections.abc import Callable, Iterable

import Stemmer
from rapidfuzz import fuzz, process

_WORD = re.compile(r"(?<![A-Za-z0-9'’])[A-Za-z][A-Za-z0-9]+(?![A-Za-z0-9]|['’][a-z])")
_SAME_WORD = 84
"""Similarity in percent from which a word counts as another spelling of a known one: "maintenence"."""


class Vocabulary:
    """All words of `texts`; `is_common` says whether any other word is ordinary language."""

    def __init__(self, texts: Iterable[str], is_common: Callable[[str], bool]) -> None:
        self._words = sorted({word.lower() for text in texts for word in _WORD.findall(text)})
        self._stemmer = Stemmer.Stemmer("english")
        self._stems = frozenset(self._stemmer.stemWords(self._words))
        self._is_common = is_common

    def share(self, text: str) -> float:
        """The share of the words of `text`, in whatever script, that the shelf uses."""
        words = [word.lower() for word in text.split() if any(letter.isalpha() for letter in word)]
        plain = [word.strip(".,;:!?()[]\"'’“”") for word in words]
        return sum(self._stemmer.stemWord(word) in self._stems for word in plain) / len(plain) if plain else 1.0

    def unknown_names(self, text: str) -> tuple[str, ...]:
        """Words of `text` that are neither known, nor ordinary, nor another spelling of a known word.

        A word with a capital inside a sentence is a name, so it must be known even if it is also an
        ordinary word: "Voyager".
        """
        found = []
        words = [match[0] for match in _WORD.finditer(text)]
        title_case = sum(word[0].isupper() for word in words) > 0.75 * len(words)
        for match in _WORD.finditer(text):
            word = match[0].lower()
            starts = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!:\"'("
            is_name = match[0][0].isupper() and not starts and not title_case
            if self._stemmer.stemWord(word) in self._stems or (self._is_common(word) and not is_name):
                continue
            if process.extractOne(word, self._words, scorer=fuzz.ratio, score_cutoff=_SAME_WORD) is None:
                found.append(match[0])
        return tuple(dict.fromkeys(found))
