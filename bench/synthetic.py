"""Documents and vectors in any number, for benches of growth: sentences of the shelf recombined, so that lengths, words
and their frequencies are those of real text, and vectors that are alike where texts share words.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from knowledge.document import Document
from knowledge.embedding import Embedder, Vectors

PARTS = 10
"""Sections in a document, each one passage."""
_SENTENCES = 5
_WORD = re.compile(r"[a-z0-9]{3,}")
_DIMENSION = 384


class SyntheticEmbedder(Embedder):
    """A unit vector of MiniLM's size for each text, always the same: the sum of a random direction for every word.

    Rare words weigh more. Two passages of one subject then have a cosine around 0.5, strangers one around 0.2.
    """

    def __init__(self, folder: Path, sentences: Sequence[str]) -> None:
        super().__init__(folder, "synthetic")
        counts: dict[str, int] = {}
        for sentence in sentences:
            for word in set(_WORD.findall(sentence.lower())):
                counts[word] = counts.get(word, 0) + 1
        self._place = {word: place for place, word in enumerate(counts)}
        weights = np.log(1 + len(sentences) / np.array([*counts.values()], dtype=np.float32))
        directions = np.random.default_rng(1).standard_normal((len(counts) + 997, _DIMENSION), dtype=np.float32)
        directions[: len(counts)] *= weights[:, None]
        directions[len(counts) :] *= weights.max()
        self._directions = directions

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        vectors = np.stack([self._vector(text) for text in texts])
        if progress:
            progress(len(texts))
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def _vector(self, text: str) -> Vectors:
        words = _WORD.findall(text.lower()) or ["none"]
        places = [self._place[word] if word in self._place else self._unknown(word) for word in words]
        summed: Vectors = self._directions[places].sum(axis=0)
        return summed

    def _unknown(self, word: str) -> int:
        return len(self._place) + sum(map(ord, word)) % 997


def sentences_of(documents: Sequence[Document]) -> list[list[str]]:
    """The sentences of each document."""
    ends = re.compile(r"(?<=[.!?])\s+")
    return [
        [
            " ".join(found.split())
            for section in document.sections
            for found in ends.split(section.text)
            if found.strip()
        ]
        for document in documents
    ]


def write_corpus(folder: Path, passages: int, subjects: Sequence[Sequence[str]]) -> None:
    """Markdown files of `PARTS` sections each, a thousand to a folder; half of a file's sentences have one subject."""
    for number, text in enumerate(_texts(passages // PARTS, subjects)):
        path = folder / f"{number // 1000}" / f"note-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def questions(count: int, subjects: Sequence[Sequence[str]]) -> list[str]:
    """Eight neighbouring words of some sentence each, as somebody would look for it."""
    chance = random.Random(7)  # noqa: S311 - the same questions every time
    asked: list[str] = []
    while len(asked) < count:
        words = chance.choice(chance.choice(subjects)).split()
        start = chance.randrange(max(1, len(words) - 8))
        asked.append(" ".join(words[start : start + 8]))
    return asked


def _texts(count: int, subjects: Sequence[Sequence[str]]) -> Iterator[str]:
    chance = random.Random(20251104)  # noqa: S311 - the same documents every time
    every = [sentence for subject in subjects for sentence in subject]
    for number in range(count):
        subject = chance.choice(subjects)
        lines = [f"# Note {number}"]
        for part in range(PARTS):
            said = [chance.choice(subject if chance.random() < 0.5 else every) for _ in range(_SENTENCES)]
            lines += ["", f"## Case {number * PARTS + part}", "", " ".join(said)]
        yield "\n".join(lines) + "\n"
