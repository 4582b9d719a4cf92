"""Reads a model's text as it comes: whole sentences, each with the codes that stand behind it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.generating.codes import CODES
from rag.sentences import sentences

_AFTER_THE_STOP = re.compile(rf"([.!?]+)\s*((?:{CODES.pattern}\s*)+)")
_LABEL = re.compile(r"^(?:answer|sentence \d+)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """One sentence without its codes; `codes` in the order written, each once."""

    text: str
    codes: tuple[str, ...]


class Reader:
    """Collects text piece by piece and gives each sentence once it is certain that it has ended."""

    def __init__(self) -> None:
        self._text = ""
        self._given = 0

    def read(self, piece: str) -> Iterator[Sentence]:
        """The sentences that `piece` completes. The last one is held back, since its code may follow the full stop."""
        self._text += piece
        yield from self._from(_pieces(self._text)[:-1])

    def end(self) -> Iterator[Sentence]:
        """What is left when the text has ended."""
        yield from self._from(_pieces(self._text))

    def _from(self, complete: list[str]) -> Iterator[Sentence]:
        fresh = complete[self._given :]
        self._given = max(self._given, len(complete))
        for text in fresh:
            codes = [code for match in CODES.finditer(text) for code in re.split(r"\s*[,;]\s*", match[1])]
            bare = re.sub(r"\s+(?=[.,;:!?])", "", " ".join(CODES.sub(" ", text).split()))
            bare = _LABEL.sub("", bare)
            if any(letter.isalpha() for letter in bare):
                yield Sentence(bare, tuple(dict.fromkeys(codes)))


def _pieces(text: str) -> list[str]:
    """The text's sentences, codes moved before the full stop they follow; an open bracket belongs to what is before."""
    moved = _AFTER_THE_STOP.sub(r" \2\1 ", text)
    found = sentences(moved)
    if len(found) > 1 and found[-1].startswith("["):
        return [*found[:-2], f"{found[-2]} {found[-1]}"]
    return found
