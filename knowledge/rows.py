"""Turns a document into the rows of the index: its passages, and beside them the questions that ask for them."""

import hashlib
from collections.abc import Iterator

from knowledge.chunking import TokenCount, embedded_texts, passages_of
from knowledge.document import Document, Frozen, Passage


class Row(Frozen):
    """One vector: a passage itself (`passage` is set), a part of a long one, or a question that asks for it."""

    id: str
    slug: str
    passage_id: str
    text: str
    passage: Passage | None = None

    @property
    def text_hash(self) -> str:
        """Equal hashes have equal vectors."""
        return digest(self.text)

    @property
    def content_hash(self) -> str:
        """Equal hashes have nothing to store anew."""
        return self.passage.content_hash if self.passage else self.text_hash


def rows_of(document: Document, count_tokens: TokenCount, max_tokens: int) -> Iterator[Row]:
    """The document's rows in reading order, ids `slug#anchor`, `slug#anchor~0` for its first question, ..."""
    for passage in passages_of(document, count_tokens, max_tokens):
        first, *others = embedded_texts(passage, count_tokens, max_tokens)
        yield _row(passage, passage.id, first, passage)
        for number, text in enumerate(others, start=2):
            yield _row(passage, f"{passage.id}~text-{number}", text)
        for number, question in enumerate(passage.questions):
            yield _row(passage, f"{passage.id}~{number}", question)


def passage_of(row_id: str) -> str:
    """The id of the passage that a row stands for."""
    return row_id.partition("~")[0]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _row(passage: Passage, row_id: str, text: str, stored: Passage | None = None) -> Row:
    return Row(id=row_id, slug=passage.slug, passage_id=passage.id, text=text, passage=stored)
