"""What readers wrote and judged of the shelf beforehand, as arrays: questions each passage answers or nearly answers.

Made by `training.compile`; a passage that is not in it is judged by its text alone.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge.embedding import Vectors
from rag.frame import Kind
from rag.network import WEIGHTS

_FEW, _SEVERAL = 3, 8


class PassageFrame(BaseModel):
    """What a reader found a passage to answer.

    `only` are ids of the entities and events outside of which it is no answer, `answers` the kinds of question it
    settles alone; `stands_alone` is false for a passage whose first sentence needs another before it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    only: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    answers: tuple[Kind, ...] = ()
    settles: bool = False
    """Whether it settles a yes/no question."""
    stands_alone: bool = True


class Compiled:
    """The written questions as vectors, the passages' own vectors, and their frames."""

    def __init__(
        self,
        ids: tuple[str, ...],
        texts: Vectors,
        questions: Vectors,
        owners: npt.NDArray[np.int32],
        misses: Vectors,
        miss_owners: npt.NDArray[np.int32],
        frames: Mapping[str, PassageFrame],
    ) -> None:
        self.ids = ids
        self.place = {id_: place for place, id_ in enumerate(ids)}
        self.texts = texts
        self.frames = frames
        self._questions = _Grouped(questions, owners, len(ids))
        self._misses = _Grouped(misses, miss_owners, len(ids))

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> "Compiled":
        """The arrays of this repository."""
        with np.load(folder / "compiled.npz", allow_pickle=False) as read:
            frames = TypeAdapter(dict[str, PassageFrame]).validate_json((folder / "passages.json").read_bytes())
            return cls(
                tuple(str(id_) for id_ in read["ids"]),
                widened(read["texts"]),
                widened(read["questions"]),
                read["owners"],
                widened(read["misses"]),
                read["miss_owners"],
                frames,
            )

    def nearness(self, vector: Vectors, without: "npt.NDArray[np.bool_] | None" = None) -> Vectors:
        """Shape (passages, 5): cosine of the text, of the nearest question, means of 3 and 8, of the nearest miss.

        `without` marks written questions that are left out, as training does with those of the author it tests on.
        """
        questions = self._questions.nearest(vector, _SEVERAL, without)
        misses = self._misses.nearest(vector, 1, None)
        means = [questions[:, :count].mean(axis=1) for count in (1, _FEW, _SEVERAL)]
        return np.stack([self.texts @ vector, *means, misses[:, 0]], axis=1)


class _Grouped:
    """Vectors in groups of unequal size, sorted by group."""

    def __init__(self, vectors: Vectors, owners: npt.NDArray[np.int32], count: int) -> None:
        order = np.argsort(owners, kind="stable")
        self.order = order
        self._vectors = vectors[order]
        sizes = np.bincount(owners, minlength=count)
        self._width = int(sizes.max()) if len(owners) else 1
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        places = starts[:, None] + np.arange(self._width)[None, :]
        self._there = np.arange(self._width)[None, :] < sizes[:, None]
        self._places = np.where(self._there, places, 0)

    def nearest(self, vector: Vectors, count: int, without: "npt.NDArray[np.bool_] | None") -> Vectors:
        """The `count` highest cosines of each group, highest first; a small group is filled up with its lowest."""
        if not len(self._vectors):
            return np.zeros((len(self._places), count), dtype=np.float32)
        cosines = self._vectors @ vector
        if without is not None:
            cosines = np.where(without[self.order], -1.0, cosines).astype(np.float32)
        table = np.where(self._there, cosines[self._places], np.float32(-1))
        best = -np.sort(-table, axis=1)[:, :count]
        if best.shape[1] < count:
            best = np.pad(best, ((0, 0), (0, count - best.shape[1])), constant_values=-1)
        lowest = np.where(best > -1, best, np.inf).min(axis=1)
        lowest = np.where(np.isfinite(lowest), lowest, 0)
        filled: Vectors = np.where(best > -1, best, lowest[:, None]).astype(np.float32)
        return filled


def narrowed(vectors: Vectors) -> npt.NDArray[np.int8]:
    """Unit vectors as int8, with one scale for all: a component of a unit vector of 384 is seldom above 0.25."""
    small: npt.NDArray[np.int8] = np.clip(np.rint(vectors * _SCALE), -127, 127).astype(np.int8)
    return small


def widened(small: npt.NDArray[np.int8]) -> Vectors:
    """Unit vectors from what `narrowed` made of them."""
    wide = small.astype(np.float32)
    unit: Vectors = wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-9)
    return unit


_SCALE = 127 / 0.3
