"""What an answerer is given, and what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.hits import Hit
from rag.frame import Frame
from rag.judge.judge import Graded
from rag.plan import Plan
from rag.reply import Reply


@dataclass(frozen=True)
class Found:
    """One question as read, and everything that was found for it: passages, their grades, what was computed."""

    frame: Frame
    hits: Sequence[Hit]
    graded: Sequence[Graded]
    plan: Plan


class Answerer(Protocol):
    """Answers one kind of question."""

    @property
    def name(self) -> str:
        """As the trace calls it."""

    def accepts(self, found: Found) -> bool:
        """Whether it may have an answer; cheap, and without a look at evidence that it would have to fetch."""

    def answer(self, found: Found) -> Reply | None:
        """Its reply; None where it turns out to have none, a reply with a gap where it knows what is missing."""
