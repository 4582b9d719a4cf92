"""Makes a batch of texts that are tokens already into the two arrays that a model reads."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


def padded(tokens: Sequence[Sequence[int]], most: int) -> tuple[Integers, Integers]:
    """Ids and attention mask, each of shape (len(tokens), length of the longest); more than `most` tokens are cut.

    Frame tokens are counted, and what is cut keeps its last one, as sentence-transformers has it.
    """
    longest = min(max(map(len, tokens)), most)
    ids = np.zeros((len(tokens), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(tokens):
        kept = [*text[: longest - 1], text[-1]] if len(text) > longest else text
        ids[row, : len(kept)] = kept
        mask[row, : len(kept)] = 1
    return ids, mask
