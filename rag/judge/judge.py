"""Grades passages for a question: how likely each answers it, and how likely it helps at all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.document import Passage
from knowledge.embedding import Vectors
from knowledge.hits import Hit
from rag.frame import Frame
from rag.judge.compiled import Compiled
from rag.judge.encoder import Encoder
from rag.judge.features import NAMES, Features
from rag.network import WEIGHTS


@dataclass(frozen=True)
class Graded:
    """A passage, the probability that it alone `answers` what was asked, and that it `helps` at least with a part."""

    passage: Passage
    answers: float
    helps: float
    missing: tuple[str, ...] = ()
    """Names of what the question names and the passage does not."""

    @property
    def worth(self) -> float:
        """What serving it is worth by the sheet: 1 for an answer, a half for a part."""
        return (self.answers + self.helps) / 2


class Forest:
    """Boosted trees as arrays: the sum over all trees, through a logistic, is a probability."""

    def __init__(self, trees: Sequence[Mapping[str, Sequence[float]]], start: float, rate: float) -> None:
        self._trees = [
            (
                np.array(tree["feature"], dtype=np.int64),
                np.array(tree["threshold"], dtype=np.float64),
                np.array(tree["left"], dtype=np.int64),
                np.array(tree["right"], dtype=np.int64),
                np.array(tree["value"], dtype=np.float64),
            )
            for tree in trees
        ]
        self._start = start
        self._rate = rate

    def probabilities(self, rows: Vectors) -> npt.NDArray[np.float64]:
        """Shape (len(rows),)."""
        total = np.full(len(rows), self._start)
        everyone = np.arange(len(rows))
        for feature, threshold, left, right, value in self._trees:
            node = np.zeros(len(rows), dtype=np.int64)
            while (inner := feature[node] >= 0).any():
                goes_left = rows[everyone, np.maximum(feature[node], 0)] <= threshold[node]
                node = np.where(inner, np.where(goes_left, left[node], right[node]), node)
            total += self._rate * value[node]
        made: npt.NDArray[np.float64] = 1 / (1 + np.exp(-total))
        return made


class Judge:
    """Orders the candidates of a question. `thresholds` are those that training set, by name."""

    def __init__(self, encoder: Encoder, features: Features, compiled: Compiled, folder: Path = WEIGHTS) -> None:
        read = json.loads((folder / "judge.json").read_text(encoding="utf-8"))
        if tuple(read["features"]) != NAMES:
            raise ValueError("rag/weights/judge.json was made for other features; run python -m training.judge")
        self.thresholds: Mapping[str, float] = read["thresholds"]
        self._forests = {name: Forest(one["trees"], one["start"], one["rate"]) for name, one in read["forests"].items()}
        self._encoder = encoder
        self._features = features
        self._compiled = compiled

    def grade(self, frame: Frame, hits: Sequence[Hit], passages: Mapping[str, Passage]) -> list[Graded]:
        """The candidates, best first."""
        candidates = self._features.candidates(frame, hits, passages, self._of_added(frame, hits))
        if not candidates.passages:
            return []
        answers = self._forests["answers"].probabilities(candidates.rows)
        helps = np.maximum(self._forests["helps"].probabilities(candidates.rows), answers)
        together = zip(candidates.passages, answers, helps, candidates.missing, strict=True)
        graded = [
            Graded(passage, round(float(a), 4), round(float(h), 4), missing) for passage, a, h, missing in together
        ]
        return sorted(graded, key=lambda one: (-one.worth, one.passage.id))

    def _of_added(self, frame: Frame, hits: Sequence[Hit]) -> dict[str, float]:
        """Text cosines of the hits that nobody has compiled: documents that the user added."""
        new = [hit.passage for hit in hits if hit.passage.id not in self._compiled.place]
        if not new:
            return {}
        vectors = self._encoder.embed([passage.embedded_text for passage in new])
        return dict(zip([passage.id for passage in new], (vectors @ frame.meaning).tolist(), strict=True))
