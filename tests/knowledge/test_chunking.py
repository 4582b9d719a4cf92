"""No passage is longer than the embedder reads, and no word is lost."""

from datetime import date

import pytest

from knowledge.chunking import passages_of
from knowledge.document import Document, Section
from knowledge.embedding import Embedder


def document(text: str) -> Document:
    return Document(
        slug="long",
        kind="article",
        title="A long article",
        topic="history",
        updated=date(2026, 11, 24),
        origin="long.md",
        sections=(Section(anchor="part", headings=("A part",), text=text),),
    )


@pytest.mark.parametrize("sentences", [1, 30, 200])
def test_long_sections_are_cut_into_passages_that_fit(embedder: Embedder, sentences: int) -> None:
    text = " ".join(f"Sentence number {n} explains how margin calls spread through a market." for n in range(sentences))
    passages = list(passages_of(document(text), embedder.count_tokens, 240))
    assert all(embedder.count_tokens(passage.embedded_text) <= 240 for passage in passages)
    assert " ".join(passage.text for passage in passages).split() == text.split()
    assert passages[0].id == "long#part"
    assert len({passage.id for passage in passages}) == len(passages)


def test_a_word_longer_than_a_passage_is_still_kept(embedder: Embedder) -> None:
    text = "x" * 3000
    passages = list(passages_of(document(text), embedder.count_tokens, 240))
    assert "".join(passage.text for passage in passages) == text
