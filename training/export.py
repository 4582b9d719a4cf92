"""Writes a trained BERT with its heads as one ONNX file with int8 weights, as `rag.network` opens it.

Every matrix is kept as int8 with one scale for each row and widened to float32 when the file is opened, so that only
rounding of weights (at most half a 127th of the largest of its row) is lost and no processor computes another result.
"""

import tempfile
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

_SMALLEST = 4096
"""Tensors with fewer elements stay in float32: biases, norms, small heads."""


def export(module: torch.nn.Module, to: Path) -> None:
    """Writes `module`, which takes ids, mask and type ids of shape (batch, length) and gives (batch, n)."""
    given = tuple(torch.ones(2, 8, dtype=torch.long) for _ in range(3))
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=512)}
    with tempfile.TemporaryDirectory() as scratch:
        traced = Path(scratch) / "traced.onnx"
        program = torch.onnx.export(
            module.eval(),
            given,
            input_names=["input_ids", "attention_mask", "token_type_ids"],
            output_names=["rows"],
            dynamic_shapes=(axes, axes, axes),
            optimize=False,
            verbose=False,
        )
        cast("Any", program).save(traced)
        model = onnx.load(traced)
    _shrink(model.graph)
    del model.metadata_props[:], model.graph.metadata_props[:], model.graph.value_info[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(model.SerializeToString(deterministic=True))


def _shrink(graph: onnx.GraphProto) -> None:
    """Replaces each large matrix by its int8 form and a DequantizeLinear; a table is looked up first."""
    tables = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    kept, widened = [], []
    for tensor in graph.initializer:
        matrix = numpy_helper.to_array(tensor)
        if matrix.ndim != 2 or matrix.size < _SMALLEST or matrix.dtype != np.float32:
            kept.append(tensor)
            continue
        scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / 127
        small = np.clip(np.rint(matrix / scale[:, None]), -127, 127).astype(np.int8)
        kept.append(numpy_helper.from_array(small, f"{tensor.name}_int8"))
        if tensor.name in tables:
            kept.append(numpy_helper.from_array(scale[:, None].astype(np.float32), f"{tensor.name}_scale"))
            _gather_small(graph, tensor.name)
            continue
        kept.append(numpy_helper.from_array(scale.astype(np.float32), f"{tensor.name}_scale"))
        inputs = [f"{tensor.name}_int8", f"{tensor.name}_scale"]
        widened.append(helper.make_node("DequantizeLinear", inputs, [tensor.name], f"{tensor.name}_wide", axis=0))
    nodes = [*widened, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)


def _gather_small(graph: onnx.GraphProto, table: str) -> None:
    """Lets rows of `table` be looked up as int8 and widened afterwards: only the words of a text are."""
    nodes = []
    for node in graph.node:
        if node.op_type != "Gather" or node.input[0] != table:
            nodes.append(node)
            continue
        made, places = node.output[0], node.input[1]
        nodes += [
            helper.make_node("Gather", [f"{table}_int8", places], [f"{made}_int8"], axis=0),
            helper.make_node("Cast", [f"{made}_int8"], [f"{made}_cast"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{table}_scale", places], [f"{made}_scale"], axis=0),
            helper.make_node("Mul", [f"{made}_cast", f"{made}_scale"], [made]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)
