"""Runs a model's ONNX graph over the weights its package brings: what a question needs, without loading torch.

The graph (50 KB, made by `knowledge.graph_export`) holds no weights: it names their places in `model.safetensors`, so
it fits those very weights only, and is looked up by their revision.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from knowledge.padding import padded

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPHS = Path(__file__).parent / "graphs"
WEIGHTS = "model.safetensors"


class Graph:
    """The graph of the model `name` in `revision`, over the weights in `folder`."""

    def __init__(self, graph: Path, folder: Path) -> None:
        self._session = _session(graph, folder)
        self._most = max_tokens(folder)

    @classmethod
    def of(cls, name: str, revision: str, folder: Path) -> "Graph | None":
        """The graph that was made for these weights, or None if none was."""
        graph = GRAPHS / f"{name}-{revision}.onnx"
        return cls(graph, folder) if graph.is_file() else None

    def embed(self, tokens: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        """Unit vectors of shape (len(tokens), dimension), in float32; each text's tokens have their frame."""
        ids, mask = padded(tokens, self._most)
        vectors: npt.NDArray[np.float32] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


def max_tokens(folder: Path) -> int:
    """What the model reads of a text, its two frame tokens included; sentence-transformers cuts there too."""
    return int(json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))["max_seq_length"])


def _session(graph: Path, folder: Path) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    # A question is too short for a second thread to gain anything; whoever has more runs batches side by side.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
    return InferenceSession(graph.read_bytes(), options, providers=["CPUExecutionProvider"])
