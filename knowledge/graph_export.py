"""Makes the graph of the packaged model that `knowledge.graph` runs: the network with its pooling, without its weights.

python -m knowledge.graph_export      needs the development extra (onnx, onnxscript)
"""

import json
import struct
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from knowledge.embedding import Embedder
from knowledge.graph import GRAPHS, WEIGHTS, max_tokens

if TYPE_CHECKING:
    import onnx

_PREFIX = "bert."
"""What the names of the weights gain by being part of a larger module."""


def export(folder: Path, to: Path) -> None:
    """Writes the graph of the BERT model in `folder`: `input_ids` and `attention_mask` in, unit `vectors` out."""
    import onnx

    with tempfile.TemporaryDirectory() as scratch:
        traced = Path(scratch) / "traced.onnx"
        _trace(folder, traced)
        graph = onnx.load(traced, load_external_data=False)
        whole = {tensor.name: tensor for tensor in onnx.load(traced).graph.initializer}
    places = _places(folder / WEIGHTS)
    for tensor in graph.graph.initializer:
        place = places.get(tensor.name.removeprefix(_PREFIX))
        if place is None:  # a constant that the weights do not hold, such as the numbering of positions
            tensor.CopyFrom(whole[tensor.name])
            continue
        del tensor.external_data[:]
        for key, value in (("location", WEIGHTS), ("offset", str(place[0])), ("length", str(place[1]))):
            tensor.external_data.add(key=key, value=value)
    _without_traces(graph)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(graph.SerializeToString(deterministic=True))


def _trace(folder: Path, to: Path) -> None:
    import torch
    from transformers import BertModel

    class Sentences(torch.nn.Module):
        """The network, then the mean over a text's tokens, then unit length, as all-MiniLM-L6-v2 is published."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel.from_pretrained(folder, attn_implementation="eager", add_pooling_layer=False)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
            return torch.nn.functional.normalize((tokens * weights).sum(1) / weights.sum(1), dim=1)

    # Two tensors: one given twice would be traced as one input.
    tokens, mask = torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long)
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=max_tokens(folder))}
    program = torch.onnx.export(
        Sentences().eval(),
        (tokens, mask),
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_shapes=(axes, axes),
        # Folding constants would write turned copies of the weights into the graph.
        optimize=False,
        verbose=False,
    )
    cast("torch.onnx.ONNXProgram", program).save(to, external_data=True)


def _places(weights: Path) -> dict[str, tuple[int, int]]:
    """Offset and length in bytes of each tensor in a safetensors file: its header is JSON after eight bytes of size."""
    with weights.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return {
        name: (8 + size + tensor["data_offsets"][0], tensor["data_offsets"][1] - tensor["data_offsets"][0])
        for name, tensor in header.items()
        if name != "__metadata__"
    }


def _without_traces(graph: "onnx.ModelProto") -> None:
    """Drops what the exporter notes of the program's lines: most of the file, and paths of the machine it ran on."""
    del graph.metadata_props[:], graph.graph.metadata_props[:], graph.graph.value_info[:]
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""


def main() -> int:
    embedder = Embedder.packaged()
    to = GRAPHS / f"{embedder.name}-{embedder.revision}.onnx"
    export(embedder.folder, to)
    sys.stdout.write(f"{to.name}: {to.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
