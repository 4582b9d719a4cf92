"""What is like the likeliest hits, or answers the same question as one of them, is likely an answer as well."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from knowledge.embedding import Vectors
from knowledge.hits import Hit
from knowledge.subjects import Subjects

LIKELIEST = 4
"""The hits that lend their likelihood to others. One alone would carry the others along when it is wrong."""
_LIKELIHOOD = 0.03
"""A hit whose score is so much lower is less likely to be right by the factor e."""
_SAME_SUBJECT = 0.1
"""What answering the same question as the likeliest hit adds; from 0.06 to 0.14 it matters little."""


def with_kin(hits: Sequence[Hit], vectors: Mapping[str, Vectors], subjects: Subjects | None, kin: bool) -> list[Hit]:
    """`hits` (best first) weighed anew: each by its own score and its likeness to the likeliest, half and half.

    `vectors` holds the vectors of the passages' own texts; a passage that has none yet, because a sync was cut short,
    keeps its score. With `kin` off only `subjects` are looked at.
    """
    likeliest = hits[:LIKELIEST]
    likelihood = [math.exp((hit.score - hits[0].score) / _LIKELIHOOD) for hit in likeliest]
    shares = [each / sum(likelihood) for each in likelihood]
    beside = [subjects.beside(hit.passage.id) if subjects else frozenset[str]() for hit in likeliest]
    known = [
        (share, vectors[one.passage.id])
        for share, one in zip(shares, likeliest, strict=True)
        if one.passage.id in vectors
    ]
    centre = np.sum([share * vector for share, vector in known], axis=0) if kin and known else None
    weighed = []
    for hit in hits:
        score = hit.score
        own = vectors.get(hit.passage.id)
        if centre is not None and own is not None:
            score = (score + hits[0].score * max(0.0, float(np.dot(centre, own)))) / 2
        score += _SAME_SUBJECT * sum(share for share, ids in zip(shares, beside, strict=True) if hit.passage.id in ids)
        weighed.append(hit.model_copy(update={"score": round(min(1.0, score), 6)}))
    return weighed
