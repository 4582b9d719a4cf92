"""The graph gives the vectors that sentence-transformers gives, is made by the code beside it, and needs no torch."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge import graph_export
from knowledge.embedding import Embedder
from knowledge.graph import GRAPHS, Graph

TEXTS = [
    "what is a margin call",
    "Wie hoch ist die Finanzierungsrate für ₿? 📉",
    "a",
    "",
    "   spaces\tand\nlines ",
    "清算价格是多少",
    "19.16 billion USD were liquidated over 24 hours, on 10-11 October 2025.",
    "a text that is cut, because the model reads 256 tokens of it at the most. " * 40,
]


def test_its_vectors_are_those_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Embedder.packaged().folder), device="cpu", local_files_only=True)
    theirs = model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    embedder = Embedder.packaged()
    assert embedder.embed(TEXTS) == pytest.approx(theirs, abs=2e-6)
    assert np.stack([embedder.embed_one(text) for text in TEXTS]) == pytest.approx(theirs, abs=2e-6)


def test_other_weights_have_no_graph() -> None:
    assert Graph.of("all-MiniLM-L6-v2", "0123456789ab", Embedder.packaged().folder) is None


def test_the_committed_graph_is_the_one_that_the_code_makes(tmp_path: Path) -> None:
    embedder = Embedder.packaged()
    graph_export.export(embedder.folder, tmp_path / "made.onnx")
    committed = GRAPHS / f"{embedder.name}-{embedder.revision}.onnx"
    assert (tmp_path / "made.onnx").read_bytes() == committed.read_bytes()


def test_a_question_is_embedded_without_torch() -> None:
    code = (
        "import sys\n"
        "from knowledge.embedding import Embedder\n"
        "Embedder.packaged().embed(['what is a margin call'] * 40)\n"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
