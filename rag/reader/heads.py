"""What the trained reader makes of a text: probabilities for guards, routes and kinds; see `training.reader`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from rag.frame import GuardName, Kind, Route
from rag.network import WEIGHTS, Network

_LONGEST = 128
"""Tokens of a text with the turn before it, as in training."""


class Card(BaseModel):
    """What `reader.json` says of the weights beside it: the order of the outputs, and where each guard fires.

    `thresholds` were set by training at a stated rate of false alarms; see docs/models.md.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    guards: tuple[GuardName, ...]
    routes: tuple[Route, ...]
    kinds: tuple[Kind, ...]
    thresholds: Mapping[GuardName, float]
    seed: int
    trained_on: str


@dataclass(frozen=True)
class Scores:
    """Probabilities of one text. `leans` is whether it can only be understood with the turn before it, `other` whether
    distress is that of somebody else."""

    guards: Mapping[GuardName, float]
    routes: Mapping[Route, float]
    kinds: Mapping[Kind, float]
    yes_no: float
    leans: float
    other: float


class Heads:
    """The trained reader. Opens its weights with the first text."""

    def __init__(self, tokenizer: Path, folder: Path = WEIGHTS) -> None:
        self.card = Card.model_validate_json((folder / "reader.json").read_text(encoding="utf-8"))
        self.network = Network(folder / "reader.onnx", tokenizer, _LONGEST)

    def read(self, texts: Sequence[str], previous: str | None = None) -> list[Scores]:
        """The scores of each text, read beside the turn before it where there is one."""
        rows = self.network.run(texts, [previous] * len(texts))
        return [self._scores(row.astype(np.float64)) for row in rows]

    def fires(self, guards: Mapping[GuardName, float], name: GuardName) -> bool:
        """Whether a guard's probability is one at which it acts."""
        return guards[name] >= self.card.thresholds[name]

    def _scores(self, row: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Scores:
        card = self.card
        cuts = np.cumsum([len(card.guards), len(card.routes), len(card.kinds), 1, 1])
        guards, routes, kinds, yes_no, leans, other = np.split(row, cuts)
        return Scores(
            guards=dict(zip(card.guards, _sigmoid(guards), strict=True)),
            routes=dict(zip(card.routes, _softmax(routes), strict=True)),
            kinds=dict(zip(card.kinds, _softmax(kinds), strict=True)),
            yes_no=_sigmoid(yes_no)[0],
            leans=_sigmoid(leans)[0],
            other=_sigmoid(other)[0],
        )


def _sigmoid(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[float]:
    return [round(float(value), 4) for value in 1 / (1 + np.exp(-values))]


def _softmax(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[float]:
    grown = np.exp(values - values.max())
    return [round(float(value), 4) for value in grown / grown.sum()]
