"""Recognises what people wrongly take for granted, by meaning and polarity; the correcting passage says the rest."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.document import Passage
from knowledge.embedding import Embedder, Vectors
from rag.examples import Examples

_NEGATION = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|cannot|without"
    r"|(?:ca|wo|do|does|did|is|are|was|were|has|have|would|could|should)n['’]?t)\b(?! just\b)",
    re.IGNORECASE,
)
_RIGHT = "right"
_VENUE = re.compile(
    r"\b(?:binance|bybit|okx|bitmex|kraken|coinbase|bitget|kucoin|deribit|hyperliquid|gate(?:\.io)?|mexc)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Assertion:
    """A statement of the asker, with the vector of its `general` words."""

    text: str
    vector: Vectors


@dataclass(frozen=True)
class Correction:
    """What an assertion has wrong: the passage whose first sentence corrects it, and how near it came."""

    assertion: Assertion
    passage: Passage
    similarity: float


class Premises:
    """The false premises of all passages that carry some, beside what people have right about the same things."""

    def __init__(self, passages: Iterable[Passage], embedder: Embedder, cache: Path, threshold: float) -> None:
        self._passages = {passage.id: passage for passage in passages if passage.premises}
        self._threshold = threshold
        said = [(id_, premise) for id_, passage in self._passages.items() for premise in passage.premises]
        right = [(_RIGHT, truth) for passage in self._passages.values() for truth in passage.truths]
        # Two sets, because "shorts can be liquidated" lies next to "shorts cannot be liquidated".
        self._by_polarity = {
            negated: Examples(_grouped([*said, *right], negated=negated), embedder, cache) for negated in (False, True)
        }

    def corrected(self, assertions: Sequence[Assertion]) -> Correction | None:
        """The correction of the assertion that comes nearest to a false premise, or None if none comes near."""
        found = [correction for assertion in assertions if (correction := self._nearest(assertion))]
        return max(found, key=lambda correction: correction.similarity, default=None)

    def _nearest(self, assertion: Assertion) -> Correction | None:
        similar = self._by_polarity[is_negated(assertion.text)].similarities(assertion.vector)
        right = similar.pop(_RIGHT, 0.0)
        id_, similarity = next(iter(similar.items()), ("", 0.0))
        if similarity < max(self._threshold, right):
            return None
        return Correction(assertion, self._passages[id_], similarity)


def general(statement: str) -> str:
    """`statement` with every venue called the exchange: what is wrong about one is wrong about all."""
    return _VENUE.sub("the exchange", statement)


def is_negated(text: str) -> bool:
    """Whether `text` says something is not so; two negations are none."""
    return len(_NEGATION.findall(text)) % 2 == 1


def _grouped(said: Sequence[tuple[str, str]], *, negated: bool) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for id_, statement in said:
        if is_negated(statement) == negated:
            groups.setdefault(id_, []).append(general(statement))
    return groups
