"""Whether evidence says what a claim says: nearness of words and vectors to one of its sentences, none contradicting.

Vectors alone cannot tell a claim from its opposite, so numbers, particulars, negation and direction each have a veto,
and exchanged words weigh against it. `docs/verification.md` shows what this gives on `eval/labelled/claims.jsonl`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from rag.evidence import Evidence
from rag.meaning.polarity import is_negated, opposes
from rag.meaning.wording import concepts, in_own_terms
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
_CLAUSE = re.compile(
    r"[;:]\s+|,\s+(?:and|but|while|whereas|although|because|so)\s+|\s+(?:and|but|while|whereas)\s+(?=(?:\S+\s+){2}\S)",
    re.IGNORECASE,
)
_CLAUSE_FLOOR = 0.4
"""Support below which a clause counts as said by nobody; a clause alone lacks the words that it shares with others."""

_OF_SEVERAL = re.compile(r"[,;]\s+|\s+(?:and|or|but|while|whereas|that|made up of)\s+", re.IGNORECASE)
_NOT = re.compile(r"(?:\band|\bbut|,)\s+not\s+(\S+(?:\s+\S+){0,5}?)(?=[,.;]|$)", re.IGNORECASE)


class Support:
    """Measures with the vectors of one embedder."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def of(self, claim: str, cited: Sequence[Evidence]) -> float:
        """How far the best sentence of `cited` supports `claim`, in [0, 1]; 0 if all of them contradict it.

        A claim of several clauses is no better supported than a clause that nothing says: half a truth is none.
        """
        apart = clauses(claim)
        spoken = {said: _speaking(said, cited) for said in (claim, *apart)}
        if not spoken[claim]:
            return 0.0
        texts = list(dict.fromkeys([*spoken, *(unit for units in spoken.values() for unit, _ in units)]))
        vectors = dict(zip(texts, self._embed(texts), strict=True))
        near = {
            said: max((_nearness(said, unit, title, vectors) for unit, title in units), default=0.0)
            for said, units in spoken.items()
        }
        weakest = min((near[clause] for clause in apart), default=1.0)
        return near[claim] if weakest >= _CLAUSE_FLOOR else min(near[claim], weakest)


def clauses(claim: str) -> list[str]:
    """The clauses of a claim that has several, each with its own say; empty for a claim of one.

    >>> clauses("Longs pay shorts, but the exchange keeps a fee.")
    ['Longs pay shorts', 'the exchange keeps a fee.']
    """
    apart = [clause for clause in _CLAUSE.split(claim) if len(clause.split()) >= _SHORTEST_PART]
    return apart if len(apart) > 1 else []


def _speaking(claim: str, cited: Sequence[Evidence]) -> list[tuple[str, str]]:
    """The texts that may speak for the claim, each with the title it stands under."""
    return [(unit, item.title) for item in cited for unit in _units(item, claim) if not _contradicts(unit, item, claim)]


def _nearness(claim: str, unit: str, title: str, vectors: Mapping[str, npt.NDArray[np.float32]]) -> float:
    cosine = max(float(vectors[claim] @ vectors[unit]), 0.0)
    near = _WORDS_WEIGHT * shared(claim, unit, title) + (1 - _WORDS_WEIGHT) * cosine
    return near * _EXCHANGED if exchanged(claim, unit) else near


def _units(item: Evidence, claim: str) -> Iterator[str]:
    """What may speak for the claim: sentences and their parts, and the whole text of evidence that is no prose.

    A sentence that denies one thing and states another speaks through its parts only, unless the claim does both too;
    so does one that says numbers of several things, for a claim whose numbers stand in one of the parts.
    """
    mixed = _is_mixed(claim)
    for sentence in sentences(item.text):
        if _denies(sentence, claim):
            continue
        telling = _telling_part(sentence, claim)
        if telling is not None:
            yield telling
            continue
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


def _telling_part(sentence: str, claim: str) -> str | None:
    """The part of `sentence` that holds the claim's numbers, where another part holds one of the same kind."""
    wanted = stated_in(claim)
    apart = [part for part in _OF_SEVERAL.split(sentence) if stated_in(part)]
    if not wanted or len(apart) < 2:
        return None
    holding = [part for part in apart if all(carried(one, stated_in(part), claim) for one in wanted)]
    rivals = {one.quantity.unit for part in apart if part not in holding for one in stated_in(part)}
    if len(holding) != 1 or not rivals & {one.quantity.unit for one in wanted}:
        return None
    return holding[0]


def _denies(sentence: str, claim: str) -> bool:
    """Whether what only the denied part of `sentence` names is asserted by `claim`, or the reverse."""
    return bool(_denied(sentence) & _asserted(claim)) or bool(_denied(claim) & _asserted(sentence))


def _denied(text: str) -> frozenset[str]:
    """The concepts that `text` names in a denial "and not ..." alone."""
    return frozenset().union(*(concepts(match[1]) for match in _NOT.finditer(text))) - _asserted(text)


def _asserted(text: str) -> frozenset[str]:
    rest = _NOT.sub(" ", text)
    return frozenset() if is_negated(in_own_terms(rest)) else concepts(rest)


def _is_mixed(sentence: str) -> bool:
    return len({is_negated(in_own_terms(part)) for part in _parts(sentence)}) > 1


def _parts(sentence: str) -> list[str]:
    return [part for part in _PART.split(sentence) if part]
