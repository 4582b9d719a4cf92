"""Tells whether an ordinary word is written as a name, by its capitals, by a dollar sign or by the words beside it."""

from collections.abc import Mapping, Sequence

from knowledge.gazetteer.entity import Entity
from knowledge.gazetteer.tokens import Token

_MOSTLY = 0.75
"""Share of capitals from which they say nothing: headlines in title case, shouting."""
_FEW = 3
"""In fewer words than these every capital counts as meant."""
_SHORT_SYMBOL = 3
_ENDS = ".?!:\"'“”‘(*•\n"
"""After these a capital only says that a sentence begins."""


class Writing:
    """How one text is written: what its capitals are worth, and which words stand beside a place in it."""

    def __init__(self, text: str, words: Sequence[Token], cues: Mapping[str, frozenset[str]]) -> None:
        self._text = text
        self._words = words
        self._cues = cues
        written = [text[word.start : word.end] for word in words]
        lettered = [word for word in written if word[0].isalpha()]
        many = len(lettered) >= _FEW
        self._title_case = many and sum(word[0].isupper() for word in lettered) > _MOSTLY * len(lettered)
        self._shouted = many and sum(word.isupper() for word in lettered) > _MOSTLY * len(lettered)

    def is_cashtag(self, start: int) -> bool:
        """Whether a dollar sign stands before `start`, and no other word before that."""
        text = self._text
        return start > 0 and text[start - 1] == "$" and (start == 1 or not (text[start - 2].isalnum()))

    def is_ticker(self, first: int) -> bool:
        """Whether word number `first` stands in capitals among words that do not."""
        word = self._written(first)
        return len(word) > 1 and word.isupper() and not self._shouted

    def is_name(self, entity: Entity, first: int, last: int) -> bool:
        """Whether the words from `first` to `last` are written as a name of `entity`, not as ordinary words."""
        start = self._words[first].start
        written = self._written(first)
        if self.is_cashtag(start):
            return True
        # "W" and "S" are letters, and "NOT" is mostly said with stress.
        if len(written) == 1 or self._is_stressed(entity, first, last):
            return False
        if self.is_ticker(first) or self._is_cued(entity, first, last):
            return True
        if entity.symbol is not None and self._is_symbol(entity.symbol, first, last):
            # "Op", "One": a short ticker needs all its capitals.
            return False
        return written[0].isupper() and not self._title_case and not self._begins(start)

    def is_of_asset(self, first: int, last: int, *, capitals_tell: bool) -> bool:
        """Whether the words are written as those of a coin: as a ticker, or beside "token" or "price"."""
        if self.is_cashtag(self._words[first].start) or (capitals_tell and self.is_ticker(first)):
            return True
        return self._next(last) in self._cues["priced"] or self._before(first) in self._cues["priced before"]

    def _is_stressed(self, entity: Entity, first: int, last: int) -> bool:
        word = self._words[first].word
        is_symbol = entity.symbol is not None and first == last and word == entity.symbol.lower()
        return is_symbol and word in self._cues["stressed"]

    def _is_symbol(self, symbol: str, first: int, last: int) -> bool:
        return first == last and len(symbol) <= _SHORT_SYMBOL and self._words[first].word == symbol.lower()

    def _is_cued(self, entity: Entity, first: int, last: int) -> bool:
        after, before, cues = self._next(last), self._before(first), self._cues
        if after in cues["any"]:
            return True
        return any(
            after in cues.get(key, ()) or before in cues.get(f"{key} before", ()) for key in (entity.kind, entity.id)
        )

    def _next(self, last: int) -> str:
        """The word behind number `last`, if only a space, a hyphen or a possessive parts them."""
        words, text = self._words, self._text
        end, place = words[last].end, last + 1
        if place < len(words) and words[place].word == "s" and text[end : end + 2] in {"'s", "’s", "’S", "'S"}:
            end, place = words[place].end, place + 1
        near = place < len(words) and words[place].start - end == 1 and text[end] in " -"
        return words[place].word if near else ""

    def _before(self, first: int) -> str:
        words, text = self._words, self._text
        near = first > 0 and words[first].start - words[first - 1].end == 1 and text[words[first].start - 1] in " -"
        return words[first - 1].word if near else ""

    def _written(self, place: int) -> str:
        word = self._words[place]
        return self._text[word.start : word.end]

    def _begins(self, start: int) -> bool:
        before = self._text[max(0, start - 8) : start].rstrip(" \t")
        return not before or before[-1] in _ENDS
