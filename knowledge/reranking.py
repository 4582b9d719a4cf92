"""Reads query and passage together with a cross-encoder, where one is configured; none is bundled."""

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import ModelUnusable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker:
    """A cross-encoder saved in `folder`. Raises ModelUnusable if there is none: what is configured must be there."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise ModelUnusable(
                f"{folder} holds no cross-encoder (no config.json); "
                f"correct or unset MARKET_PULSE_KNOWLEDGE_RERANKER_PATH"
            )
        self._folder = folder

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the query, in (0, 1)."""
        raw = self._model.predict([(query, text) for text in texts], show_progress_bar=False)
        return [1 / (1 + math.exp(-float(score))) if not 0 <= float(score) <= 1 else float(score) for score in raw]

    @cached_property
    def _model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        model: CrossEncoder = CrossEncoder(str(self._folder), device="cpu", local_files_only=True)
        return model
