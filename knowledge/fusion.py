"""Merges rankings that know nothing of each other's scores."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def reciprocal_rank_fusion(rankings: Sequence[Sequence[Item]], k: int = 60) -> list[tuple[Item, float]]:
    """Items by the sum over rankings of 1 / (k + rank), rank from 1, scaled so that first everywhere is 1.0.

    Formula: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
    rank learning methods", SIGIR 2009. Ties keep the order of first appearance.

    >>> reciprocal_rank_fusion([["a", "b"], ["a", "c"]])[0]
    ('a', 1.0)
    """
    if not rankings:
        return []
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (k + rank)
    top = len(rankings) / (k + 1)
    return sorted(((item, score / top) for item, score in scores.items()), key=lambda pair: -pair[1])
