"""Says first, and kindly, what a question has wrong: a premise, the time of a crash, or a number of it."""

from knowledge.figures import Event
from rag.draft import DraftClaim, Paragraph
from rag.evidence import from_days
from rag.explaining import Passages, quoted
from rag.misdating import Misdated
from rag.phrasing import days_in_words
from rag.planning import Plan
from rag.replies import Replies
from rag.sentences import sentences
from rag.stating import FigureSentences
from rag.understanding import Part

_MOST_INSTEAD = 2


class Corrector:
    """Corrects from the curated passage, from the crash's own days, or from its published figures."""

    def __init__(self, figures: FigureSentences, passages: Passages, replies: Replies) -> None:
        self._figures = figures
        self._passages = passages
        self._replies = replies

    def paragraphs(self, part: Part, plan: Plan) -> list[Paragraph]:
        """What is set right, a paragraph for each thing; empty where the question has nothing wrong."""
        said: list[Paragraph] = []
        if part.misdated:
            said.append(self._dated(part.misdated))
        if plan.misquoted:
            said.append((DraftClaim(self._replies.misquoted[0]), *self._figures.claims([plan.misquoted])))
        if plan.correction:
            passage = plan.correction.passage
            said.append(quoted(passage, plan.correction.similarity, sentences(passage.text)))
        return [paragraph for paragraph in said if paragraph]

    def days(self, event: Event) -> Paragraph:
        """When a crash was, from its own record."""
        happened = self._passages(f"{event.slug}#what-happened")
        if happened is None:
            return ()
        said = f"The {event.name} {days_in_words(event.start, event.end)}."
        return (DraftClaim(said, (from_days(event, happened),)),)

    def _dated(self, found: Misdated) -> Paragraph:
        """When the crash was, then what came at the time in the question, and why."""
        event = found.event
        happened = self._passages(f"{event.slug}#what-happened")
        if happened is None:
            return ()
        said = f"The {event.name} {days_in_words(event.start, event.end)}, which is not the time in the question."
        claims = [DraftClaim(said, (from_days(event, happened),))]
        for other in found.instead[:_MOST_INSTEAD]:
            for anchor in ("what-happened", "causes"):
                passage = self._passages(f"{other.slug}#{anchor}")
                claims += quoted(passage, None, sentences(passage.text)[:1]) if passage else ()
        return tuple(claims)
