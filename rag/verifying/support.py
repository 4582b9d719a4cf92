"""Whether evidence says what a claim says: nearness of words and vectors to one of its sentences, none contradicting.

Vectors alone cannot tell a claim from its opposite, so numbers, particulars, negation and direction each have a veto,
and exchanged words weigh against it. `docs/verification.md` shows what this gives on `eval/labelled/claims.jsonl`.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from rag.evidence import Evidence
from rag.meaning.polarity import is_negated, opposes
from rag.meaning.wording import in_own_terms
from rag.sentences import sentences
from rag.verifying.numbers import Stated, carried, numbers_beside, stated_in
from rag.verifying.wording import exchanged, particulars, shared

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

THRESHOLD = 0.68
"""Support from which a claim is said; set on one half of the labelled claims, checked on the other."""

_WORDS_WEIGHT = 0.4
_EXCHANGED = 0.6
"""What is left of the nearness of a copy in which words were exchanged for others that may mean something else."""

_PART = re.compile(r"[,;]\s+|\s(?=(?:but|while|whereas)\s)", re.IGNORECASE)
_SHORTEST_PART = 3


class Support:
    """Measures with the vectors of one embedder."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def of(self, claim: str, cited: Sequence[Evidence]) -> float:
        """How far the best sentence of `cited` supports `claim`, in [0, 1]; 0 if all of them contradict it."""
        units = [
            (unit, item.title) for item in cited for unit in _units(item, claim) if not _contradicts(unit, item, claim)
        ]
        if not units:
            return 0.0
        claimed, *vectors = self._embed([claim, *(unit for unit, _ in units)])
        return max(
            _nearness(claim, unit, title, max(float(claimed @ vector), 0.0))
            for (unit, title), vector in zip(units, vectors, strict=True)
        )


def _nearness(claim: str, unit: str, title: str, cosine: float) -> float:
    near = _WORDS_WEIGHT * shared(claim, unit, title) + (1 - _WORDS_WEIGHT) * cosine
    return near * _EXCHANGED if exchanged(claim, unit) else near


def _units(item: Evidence, claim: str) -> Iterator[str]:
    """What may speak for the claim: sentences and their parts, and the whole text of evidence that is no prose.

    A sentence that denies one thing and states another speaks through its parts only, unless the claim does both too.
    """
    mixed = _is_mixed(claim)
    for sentence in sentences(item.text):
        parts = _parts(sentence)
        if mixed or not _is_mixed(sentence):
            yield sentence
        if len(parts) > 1:
            yield from (part for part in parts if len(part.split()) >= _SHORTEST_PART)
    if item.kind != "passage":
        yield item.text


def _contradicts(unit: str, item: Evidence, claim: str) -> bool:
    known: list[Stated] = [*stated_in(unit), *numbers_beside(item)]
    return (
        not all(carried(one, known, claim) for one in stated_in(claim))
        or bool(particulars(claim) - particulars(f"{unit} {item.title}"))
        or is_negated(in_own_terms(claim)) != is_negated(in_own_terms(unit))
        or opposes(claim, unit)
    )


def _is_mixed(sentence: str) -> bool:
    return len({is_negated(in_own_terms(part)) for part in _parts(sentence)}) > 1


def _parts(sentence: str) -> list[str]:
    return [part for part in _PART.split(sentence) if part]
