"""Sentences of a passage as claims, each with the passage as its receipt."""

from collections.abc import Callable, Sequence

from knowledge.document import Passage
from rag.draft import DraftClaim, Paragraph
from rag.evidence import from_passage
from rag.sentences import sentences

Passages = Callable[[str], Passage | None]
"""Gives the passage of an id."""


def quoted(passage: Passage, similarity: float | None, spoken: Sequence[str]) -> Paragraph:
    """The sentences `spoken` of `passage`."""
    evidence = from_passage(passage, similarity)
    return tuple(DraftClaim(sentence, (evidence,)) for sentence in spoken)


def quoted_whole(passage: Passage, similarity: float | None = None) -> Paragraph:
    """All of `passage`."""
    return quoted(passage, similarity, sentences(passage.text))
