"""Whether a sentence supports a statement in other words: nearness of meaning, held back by what must not differ.

Vectors alone cannot tell "longs pay shorts" from "shorts pay longs", so numbers, dates, names, negation and
direction each have a veto. How often this is right is measured on `eval/labelled/statements.jsonl`.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from rag.meaning.names import names_in
from rag.meaning.numbers import all_stated
from rag.meaning.polarity import is_negated, opposes
from rag.meaning.wording import concepts, coverage, in_own_terms
from rag.quantities import quantities

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

THRESHOLD = 0.54
"""Support from which a sentence counts; `market-pulse eval labels` prints what it gives on the labelled pairs."""

_COVERAGE_WEIGHT = 0.7
_CLAUSE = re.compile(r"\s*;\s+|,\s+(?=(?:not|never|and|but|so|while|whereas|which|because)\b)", re.IGNORECASE)
_SHORTEST_CLAUSE = 3


class Meaning:
    """Compares by the vectors of one embedder; remembers those of texts it has seen."""

    def __init__(self, embed: Embed, threshold: float = THRESHOLD) -> None:
        self._embed = embed
        self.threshold = threshold
        self._seen: dict[str, npt.NDArray[np.float32]] = {}

    def supports(self, sentence: str, statement: str) -> bool:
        """Whether `sentence` says what `statement` says."""
        return self.supported(statement, [sentence])

    def supported(self, statement: str, sentences: Sequence[str]) -> bool:
        """Whether any of `sentences`, or one clause of it, supports `statement`."""
        spoken = [clause for sentence in sentences for clause in speaking_of(statement, sentence)]
        self._learn([statement, *spoken] if spoken else [])
        return any(self.support(statement, clause) >= self.threshold for clause in spoken)

    def support(self, statement: str, sentence: str) -> float:
        """How much the two share, in [0, 1]: the statement's concepts found in the sentence, and their cosine."""
        self._learn([sentence, statement])
        cosine = max(float(self._seen[sentence] @ self._seen[statement]), 0.0)
        return _COVERAGE_WEIGHT * coverage(statement, sentence) + (1 - _COVERAGE_WEIGHT) * cosine

    def _learn(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._seen]
        if new:
            self._seen.update(zip(new, self._embed(new), strict=True))


def speaking_of(statement: str, sentence: str) -> Iterator[str]:
    """`sentence` and its clauses, as far as none of them contradicts `statement`.

    A clause does not speak for a statement of which the rest of the sentence negates a part: "open interest
    counts contracts, not purchases" never supports that it counts purchases.
    """
    if not contradicts(sentence, statement):
        yield sentence
    apart = clauses(sentence)
    wanted = concepts(statement)
    for clause in apart:
        negated = [other for other in apart if other is not clause and is_negated(in_own_terms(other))]
        taken_back = any((concepts(other) - concepts(clause)) & wanted for other in negated)
        if len(clause.split()) >= _SHORTEST_CLAUSE and not taken_back and not contradicts(clause, statement):
            yield clause


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that has several; empty for a sentence of one."""
    apart = _CLAUSE.split(sentence)
    return apart if len(apart) > 1 else []


def contradicts(sentence: str, statement: str) -> bool:
    """Whether a number or date of `statement` is missing in `sentence`, or name, negation or direction differ.

    Another name counts only where the sentence puts one in the place of the statement's: a sentence that
    names nobody may still speak of the same.
    """
    if not all_stated(quantities(statement), quantities(sentence)):
        return True
    wanted, present = names_in(statement), names_in(sentence)
    if wanted - present and present - wanted:
        return True
    ours, theirs = in_own_terms(statement), in_own_terms(sentence)
    return is_negated(ours) != is_negated(theirs) or opposes(statement, sentence)
