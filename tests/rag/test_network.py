"""A trained network gives a text the same numbers alone and among others, and says plainly if it cannot be opened."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import Embedder
from rag.errors import WeightsUnusable
from rag.judge.encoder import Encoder
from rag.network import Network
from rag.reader.heads import Heads

TEXTS = (
    "what is adl",
    "",
    "Where is my liquidation price on a 20x long from 104k with 500 USD of margin?",
    "gm",
    "清算価格とは何ですか 😂",
    "why " * 300,
)


@pytest.fixture(scope="module")
def tokenizer() -> Path:
    return Embedder.packaged().folder / "tokenizer.json"


@pytest.fixture(scope="module")
def encoder(tokenizer: Path) -> Encoder:
    return Encoder(tokenizer)


@pytest.fixture(scope="module")
def heads(tokenizer: Path) -> Heads:
    return Heads(tokenizer)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.embed(TEXTS)
    alone = np.concatenate([encoder.embed([text]) for text in TEXTS])
    assert together.shape == (len(TEXTS), 384)
    assert np.abs(together - alone).max() < 1e-5
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-4)


def test_the_order_of_the_texts_is_kept(encoder: Encoder) -> None:
    assert np.abs(encoder.embed(TEXTS[::-1])[::-1] - encoder.embed(TEXTS)).max() < 1e-5


def test_the_scores_of_a_text_are_the_same_alone_and_among_others(heads: Heads) -> None:
    for previous in (None, "How far is BTC below its high?"):
        together = heads.read(TEXTS, previous)
        for text, among in zip(TEXTS, together, strict=True):
            (alone,) = heads.read([text], previous)
            assert alone.guards == pytest.approx(among.guards, abs=2e-4)
            assert alone.routes == pytest.approx(among.routes, abs=2e-4)
            assert (alone.yes_no, alone.leans, alone.other) == pytest.approx(
                (among.yes_no, among.leans, among.other), abs=2e-4
            )


def test_scores_are_probabilities_of_everything_the_card_names(heads: Heads) -> None:
    for scores in heads.read(TEXTS):
        assert set(scores.guards) == set(heads.card.guards) == set(heads.card.thresholds)
        assert sum(scores.routes.values()) == pytest.approx(1, abs=1e-3)
        assert sum(scores.kinds.values()) == pytest.approx(1, abs=1e-3)
        assert all(0 <= value <= 1 for value in (*scores.guards.values(), scores.yes_no, scores.leans, scores.other))


def test_no_text_gives_no_row(encoder: Encoder) -> None:
    assert len(encoder.embed([])) == 0


def test_the_fingerprint_is_that_of_the_file(encoder: Encoder, heads: Heads) -> None:
    assert encoder.network.fingerprint == encoder.network.fingerprint != heads.network.fingerprint


def test_weights_that_are_missing_are_named(tmp_path: Path, tokenizer: Path) -> None:
    with pytest.raises(WeightsUnusable, match=r"none\.onnx cannot be read"):
        Network(tmp_path / "none.onnx", tokenizer, 16).run(["what is adl"])
