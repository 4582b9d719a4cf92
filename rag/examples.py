"""Example questions as vectors: the nearest examples say what a question wants, with no language model."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from knowledge.embedding import Embedder, Vectors


class Examples:
    """Labelled example questions; their vectors are kept in `cache` for the next start."""

    def __init__(self, labelled: Mapping[str, Sequence[str]], embedder: Embedder, cache: Path) -> None:
        self._labels = [label for label, texts in labelled.items() for _ in texts]
        texts = [text for group in labelled.values() for text in group]
        self._vectors = _embedded(texts, embedder, cache)

    def similarities(self, vector: Vectors) -> dict[str, float]:
        """The best cosine of `vector` to any example of each label, highest first."""
        best: dict[str, float] = {}
        for label, score in zip(self._labels, (self._vectors @ vector).tolist(), strict=True):
            best[label] = max(score, best.get(label, -1.0))
        return dict(sorted(best.items(), key=lambda pair: (-pair[1], pair[0])))


def _embedded(texts: Sequence[str], embedder: Embedder, cache: Path) -> Vectors:
    key = hashlib.sha256("\n".join([embedder.name, *texts]).encode()).hexdigest()[:24]
    path = cache / f"{key}.npy"
    if path.is_file():
        kept: Vectors = np.load(path)
        if kept.shape == (len(texts), embedder.dimension):
            return kept
    vectors = embedder.embed(texts)
    cache.mkdir(parents=True, exist_ok=True)
    # Written aside and renamed: a start that is cut short leaves no half file behind.
    draft = path.with_suffix(".tmp.npy")
    np.save(draft, vectors)
    draft.replace(path)
    return vectors
