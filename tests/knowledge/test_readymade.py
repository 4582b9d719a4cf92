"""The vectors that come with the program are those the model makes, serve the first sync, and are kept fresh."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import Embedder
from knowledge.index import Index
from knowledge.readymade import ReadyMade, bundled_texts
from knowledge.rows import digest
from knowledge.settings import BUNDLED_CONTENT, KnowledgeSettings
from knowledge.sources import Shelf

TEXTS = {"margin": ["What is margin?", "Margin is collateral."], "funding": ["What is funding?"]}


@pytest.fixture
def ready(tmp_path: Path) -> ReadyMade:
    return ReadyMade(Embedder.packaged("float32"), tmp_path)


def test_a_sample_of_the_bundled_vectors_is_what_the_model_makes(embedder: Embedder) -> None:
    known = ReadyMade(embedder)
    texts = [text for each in bundled_texts(embedder).values() for text in each]
    there = [text for text in texts if digest(text) in known.of(map(digest, texts))]
    assert len(there) > 0.5 * len(texts)
    sample = there[:: len(there) // 40]
    vectors = known.of(map(digest, sample))
    alike = np.sum(np.stack([vectors[digest(text)] for text in sample]) * embedder.embed(sample), axis=1)
    assert alike.min() > 0.9995


def test_a_first_sync_of_the_bundled_shelf_loads_no_model_for_what_is_ready_made(tmp_path: Path) -> None:
    embedder = Embedder.packaged()
    index = Index(tmp_path / "index", embedder, KnowledgeSettings())
    documents = Shelf(BUNDLED_CONTENT, tmp_path).documents()
    fresh = set(bundled_texts(embedder)) - set(ReadyMade(embedder).stale(bundled_texts(embedder)))
    report = index.sync([document for document in documents if document.slug in fresh])
    assert report.ready > 1000
    assert report.embedded == 0
    assert "_model" not in vars(embedder)
    assert index.search("who gets my margin when I am liquidated", k=1)[0].passage.kind == "faq"


def test_renewing_embeds_only_new_texts_and_gives_the_same_bytes_again(ready: ReadyMade) -> None:
    assert ready.renew(TEXTS) == ["funding", "margin"]
    before = {file.name: file.read_bytes() for file in ready.folder.iterdir()}
    assert ready.stale(TEXTS) == ready.renew(TEXTS) == []
    changed = {"margin": [*TEXTS["margin"][:1], "Margin is what you pledge."]}
    assert ready.stale(changed) == ["funding", "margin"]
    ready.renew(changed)
    ready.renew(TEXTS)
    assert {file.name: file.read_bytes() for file in ready.folder.iterdir()} == before


def test_vectors_of_another_model_are_not_used(ready: ReadyMade, tmp_path: Path) -> None:
    ready.renew(TEXTS)
    hashes = [digest(text) for text in TEXTS["margin"]]
    assert set(ready.of([*hashes, digest("unheard of")])) == set(hashes)
    assert ReadyMade(Embedder(Embedder.packaged().folder, "another-model", "0" * 64), tmp_path).of(hashes) == {}
