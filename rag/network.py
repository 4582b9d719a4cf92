"""A small trained network as an ONNX file, run on one core: tokens in, rows of numbers out. Knows nothing of meanings.

Weights are int8 with a scale for each row and are widened when the file is opened; the arithmetic is float32, so a text
gives the same numbers alone and among others.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.errors import WeightsUnusable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

WEIGHTS = Path(__file__).parent / "weights"
Rows = npt.NDArray[np.float32]
_BATCH_TOKENS = 1536
"""Tokens in a batch, padding included: what the caches of one core hold."""


class Network:
    """The network in `file`, with the tokenizer in `tokenizer`; texts are cut at `most` tokens."""

    def __init__(self, file: Path, tokenizer: Path, most: int) -> None:
        self._file = file
        self._tokenizer_file = tokenizer
        self._most = most

    @cached_property
    def fingerprint(self) -> str:
        """Start of the sha256 over the file."""
        return hashlib.sha256(self._bytes()).hexdigest()[:12]

    def run(self, texts: Sequence[str], seconds: Sequence[str | None] | None = None) -> Rows:
        """One row for each text, or for each pair of a text and the second one beside it."""
        pairs = [(text, second) for text, second in zip(texts, seconds or [None] * len(texts), strict=True)]
        encoded = self._tokenizer.encode_batch([text if second is None else (text, second) for text, second in pairs])
        rows: list[Rows | None] = [None] * len(encoded)
        for chosen in _batches([len(one.ids) for one in encoded]):
            for place, row in zip(chosen, self._pass([encoded[place] for place in chosen]), strict=True):
                rows[place] = row
        return np.stack([row for row in rows if row is not None]) if rows else np.zeros((0, 0), dtype=np.float32)

    def _pass(self, encoded: "Sequence[Encoding]") -> Rows:
        longest = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(encoded), longest), dtype=np.int64)
        mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)], kinds[row, : len(one.ids)] = one.ids, one.type_ids
            mask[row, : len(one.ids)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        made: Rows = self._session.run(None, given)[0]
        return made

    @cached_property
    def _session(self) -> "InferenceSession":
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        # A question is too short for a second thread to gain anything.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        return InferenceSession(self._bytes(), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer: Tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._most, strategy="longest_first")
        return tokenizer

    def _bytes(self) -> bytes:
        try:
            return self._file.read_bytes()
        except OSError as error:
            raise WeightsUnusable(f"{self._file} cannot be read ({error.strerror}); reinstall market-pulse") from None


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places of texts of like length together, so that short ones are not padded to the longest."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: (lengths[place], place)):
        if batches and lengths[place] * (len(batches[-1]) + 1) <= _BATCH_TOKENS:
            batches[-1].append(place)
        else:
            batches.append([place])
    return batches
