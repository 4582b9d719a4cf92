"""The trained encoder: a question lies near the questions that one passage answers, and near its text."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.embedding import Vectors
from rag.network import WEIGHTS, Network

_LONGEST = 160
"""Tokens of a text, as in training."""


class Encoder:
    """Turns questions and passages into unit vectors. Opens its weights with the first text."""

    def __init__(self, tokenizer: Path, folder: Path = WEIGHTS) -> None:
        self.network = Network(folder / "encoder.onnx", tokenizer, _LONGEST)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), 384)."""
        return self.network.run(texts)
