"""What an answerer gives: paragraphs that still carry their evidence, and the gap where it cannot answer."""

from dataclasses import dataclass

from rag.draft import Paragraph
from rag.gap import Gap


@dataclass(frozen=True)
class Reply:
    """The paragraphs of one answerer to one question.

    `answered` says whether they answer what was asked; what is said beside a `gap` does not.
    """

    paragraphs: tuple[Paragraph, ...]
    answered: bool
    gap: Gap | None = None
    follow_ups: tuple[str, ...] = ()
