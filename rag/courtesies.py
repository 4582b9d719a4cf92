"""What is said instead of an answer: courtesies, and what keeps a question open."""

from collections.abc import Sequence
from typing import Literal

from rag.draft import Draft, DraftClaim, Paragraph
from rag.gap import Gap
from rag.phrasing import joined
from rag.replies import Replies

EDUCATION_PASSAGE = "faq-investors#how-should-investors-react"
"""What is taught where somebody seeks advice and no entry is about their own question."""


def courtesy(said: Sequence[str]) -> Paragraph:
    """Sentences that state no fact and so need no receipt."""
    return tuple(DraftClaim(text) for text in said)


class Courtesies:
    """Says fixed sentences. Which guard applies is decided by the reader."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies

    def instead(self, guard: Literal["injection", "talk"]) -> Draft:
        """The whole reply where nothing is composed."""
        if guard == "injection":
            said = self._replies.injection + self._replies.covers
            return Draft((courtesy(said),), "refused", self._replies.suggestions[:3], guard=guard)
        said = self._replies.greeting + self._replies.covers
        return Draft((courtesy(said),), "answered", self._replies.suggestions[:3], guard=guard)

    def gap(self, gap: Gap, part: str | None) -> Paragraph:
        """What keeps a question open, in words; `part` are the words of a question of which others are answered."""
        named = gap.choices or gap.missing
        said = self._replies.gap[gap.reason]
        if named and gap.reason in self._replies.gap_of:
            said = self._replies.gap_of[gap.reason].format(missing=joined(list(named)))
        if part is None:
            return courtesy([said])
        return (DraftClaim(self._replies.part.format(part=part, said=said), echo=part),)
