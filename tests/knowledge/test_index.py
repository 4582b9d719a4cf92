"""The index holds exactly the shelf, embeds only what changed, and finds what is asked."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.document import Document
from knowledge.embedding import Embedder
from knowledge.errors import DocumentInvalid, IndexEmpty, IndexMismatch
from knowledge.index import Index
from knowledge.settings import KnowledgeSettings
from knowledge.sources import Shelf


def documents(shelf: Path, home: Path) -> Sequence[Document]:
    return Shelf(shelf, home).documents()


@pytest.fixture
def index(home: Path, embedder: Embedder) -> Index:
    return Index(home / "index", embedder, KnowledgeSettings())


def test_the_first_sync_embeds_everything_and_the_second_nothing(index: Index, shelf: Path, home: Path) -> None:
    first = index.sync(documents(shelf, home))
    # "What is ADL?" is asked by the bundled glossary too, so its vector is ready-made.
    assert first.embedded + first.ready > first.passages > 0
    second = index.sync(documents(shelf, home))
    assert (second.embedded, second.removed, second.unchanged) == (0, 0, first.embedded + first.ready)


def test_an_edit_embeds_one_section_only(index: Index, shelf: Path, home: Path) -> None:
    index.sync(documents(shelf, home))
    path = shelf / "articles/mark-price.md"
    path.write_text(path.read_text().replace("A thin order book lets it jump.", "A thin order book lets it leap."))
    report = index.sync(documents(shelf, home))
    assert (report.embedded, report.removed) == (1, 0)


def test_what_is_gone_from_the_shelf_is_gone_from_the_index(index: Index, shelf: Path, home: Path) -> None:
    index.sync(documents(shelf, home))
    (shelf / "articles/funding.md").unlink()
    assert index.sync(documents(shelf, home)).removed == 1
    assert index.passage("funding#introduction") is None


def test_a_broken_article_leaves_the_index_as_it_was(index: Index, shelf: Path, home: Path) -> None:
    index.sync(documents(shelf, home))
    before = index.fingerprint
    (shelf / "articles/mark-price.md").write_text("---\ntitle: Half\n---\ntext")
    with pytest.raises(DocumentInvalid):
        index.sync(documents(shelf, home))
    assert index.fingerprint == before
    assert Index(home / "index", index.embedder, KnowledgeSettings()).fingerprint == before


def test_a_sync_that_is_cut_short_is_completed_by_the_next(index: Index, shelf: Path, home: Path) -> None:
    class CutShortError(Exception):
        pass

    def cut(_done: int, _total: int) -> None:
        raise CutShortError

    with pytest.raises(CutShortError):
        index.sync(documents(shelf, home), cut)
    again = Index(home / "index", index.embedder, KnowledgeSettings())
    report = again.sync(documents(shelf, home))
    assert report.passages == len(again) > 0
    assert again.search("what is ADL?", k=1)[0].passage.id == "glossary#auto-deleveraging"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("does binance keep what is left of my collateral", "faq-basics#who-gets-my-margin"),
        ("ADL", "glossary#auto-deleveraging"),
        ("why does the last trade jump on one venue", "mark-price#why-the-last-price-differs"),
        ("what caused the FTX crash", "2022-11-ftx#causes"),
    ],
)
def test_finds_by_meaning_by_word_and_by_faq_phrasing(
    index: Index, shelf: Path, home: Path, query: str, expected: str
) -> None:
    index.sync(documents(shelf, home))
    assert index.search(query, k=1)[0].passage.id == expected


def test_scores_fall_and_lie_between_zero_and_one(index: Index, shelf: Path, home: Path) -> None:
    index.sync(documents(shelf, home))
    scores = [hit.score for hit in index.search("funding payment", k=10)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_searching_an_empty_index_says_what_to_do(index: Index) -> None:
    with pytest.raises(IndexEmpty, match="knowledge sync"):
        index.search("anything")


def test_an_index_of_another_embedder_is_refused(index: Index, shelf: Path, home: Path) -> None:
    index.sync(documents(shelf, home))
    other = Embedder(index.embedder.folder, "another-model")
    with pytest.raises(IndexMismatch, match="another-model"):
        Index(home / "index", other, KnowledgeSettings())
