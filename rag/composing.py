"""Composes the answer without a language model, from curated text, published figures and computed readings.

The first sentence answers; what follows explains. The same question gives the same words every time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.document import Passage
from knowledge.index import Hit
from market.calculators import CALCULATORS
from market.market import Market
from rag.draft import Draft, DraftClaim, Paragraph
from rag.evidence import Evidence, from_passage
from rag.phrasing import joined
from rag.planning import Plan
from rag.premises import Correction
from rag.relevance import fits
from rag.replies import Replies
from rag.sentences import sentences
from rag.settings import RagSettings
from rag.stating import FigureSentences, calculation_claims, reading_claims
from rag.understanding import Part

_MAIN_SENTENCES = 4
_SIDE_SENTENCES = 2
_FOLLOW_UPS = 3
_SURE = 0.6
"""Cosine from which a passage may stand beside figures, readings and calculations."""

_CURATED = frozenset({"faq", "glossary"})
_WORD = re.compile(r"[a-z0-9]{3,}")


@dataclass(frozen=True)
class Findings:
    """What was found for one part of the message."""

    part: Part
    hits: Sequence[Hit]
    plan: Plan


class Composer:
    """Writes drafts. Holds nothing that changes between questions."""

    name = "composer"

    def __init__(self, market: Market, figures: FigureSentences, replies: Replies, settings: RagSettings) -> None:
        self._market = market
        self._figures = figures
        self._replies = replies
        self._settings = settings

    def compose(self, findings: Sequence[Findings]) -> Draft:
        """A draft that answers every part it can; without any claim it has the status `abstained`."""
        paragraphs: list[Paragraph] = []
        said: set[str] = set()
        for found in findings:
            for paragraph in self._paragraphs(found):
                fresh = tuple(claim for claim in paragraph if claim.text not in said)
                said.update(claim.text for claim in fresh)
                if fresh:
                    paragraphs.append(fresh)
        return Draft(tuple(paragraphs), "answered" if paragraphs else "abstained", self._follow_ups(findings, said))

    def _paragraphs(self, found: Findings) -> list[Paragraph]:
        """Computed and published numbers first, then what explains them."""
        part, plan = found.part, found.plan
        numbers: list[Paragraph] = []
        corrected = _corrected(plan.correction) if plan.correction else ()
        if plan.correction and not part.asks:
            return [corrected]
        if plan.calculations:
            calculator = CALCULATORS[plan.calculations[0].calculation]
            numbers.append(tuple(calculation_claims(plan.calculations, calculator)))
        if plan.refusal and part.calculation:
            numbers.append((self._refused(part, plan.refusal),))
        if part.calculation and part.calculation.missing and not plan.calculations:
            missing = self._replies.missing[0].format(missing=joined(list(part.calculation.missing)))
            numbers.append((DraftClaim(missing),))
        if plan.figures:
            numbers.append(tuple(self._figures.claims(plan.figures)))
        if plan.readings:
            numbers.append(tuple(reading_claims(plan.readings, self._market.metrics())))
        # Advice-seeking is taught first; what the data says stands behind it.
        if part.intent == "advice":
            said = (corrected, self._explanation(found.part, found.hits), *numbers)
            return [paragraph for paragraph in said if paragraph]
        fitting = [hit for hit in found.hits if fits(hit.passage, part.events, timeless=bool(plan.readings))]
        explanation = self._explanation(part, fitting, beside_numbers=bool(numbers or corrected))
        return [paragraph for paragraph in (corrected, *numbers, explanation) if paragraph]

    def _explanation(self, part: Part, hits: Sequence[Hit], *, beside_numbers: bool = False) -> Paragraph:
        curated = self._curated(hits)
        if curated is not None:
            spoken = sentences(curated.passage.text)
            kept = spoken[:_SIDE_SENTENCES] if beside_numbers else spoken
            evidence = from_passage(curated.passage, curated.similarity)
            claims = [DraftClaim(sentence, (evidence,)) for sentence in kept]
            if curated.passage.kind == "glossary" and not beside_numbers:
                claims += self._excerpt(part, hits, _SIDE_SENTENCES, skip=curated.passage.id)
            return tuple(claims)
        if beside_numbers:
            return tuple(self._excerpt(part, hits, _SIDE_SENTENCES, floor=_SURE))
        return tuple(self._excerpt(part, hits, _MAIN_SENTENCES))

    def _curated(self, hits: Sequence[Hit]) -> Hit | None:
        """The FAQ answer or definition whose question is nearest, if it is near enough."""
        asked = [hit for hit in hits if hit.passage.kind in _CURATED]
        if not asked:
            return None
        best = max(asked, key=lambda hit: (hit.question_similarity, hit.passage.kind == "faq", hit.passage.id))
        leads = best is hits[0] and best.question_similarity >= _SURE
        return best if leads or best.question_similarity >= self._settings.faq_similarity else None

    def _excerpt(
        self, part: Part, hits: Sequence[Hit], count: int, *, floor: float | None = None, skip: str = ""
    ) -> list[DraftClaim]:
        """The best passage's sentences in their own order, and the beginning of another document's beside it."""
        least = self._settings.passage_similarity if floor is None else floor
        usable = [hit for hit in hits if hit.similarity >= least and hit.passage.id != skip]
        if not usable:
            return []
        first = usable[0]
        second = next((hit for hit in usable[1:] if hit.passage.slug != first.passage.slug), None)
        claims = _quoted(first, _spoken(first.passage, part.text, count))
        if second is not None and count > _SIDE_SENTENCES and second.similarity >= first.similarity - 0.1:
            claims += _quoted(second, _spoken(second.passage, part.text, _SIDE_SENTENCES))
        return claims

    def _refused(self, part: Part, reason: str) -> DraftClaim:
        inputs = part.calculation.inputs if part.calculation else {}
        evidence = Evidence(
            kind="calculation", title="Inputs as understood", text=reason, detail={"inputs": dict(inputs)}
        )
        return DraftClaim(f"That cannot be calculated: {reason.rstrip('.')}.", (evidence,))

    def _follow_ups(self, findings: Sequence[Findings], said: set[str]) -> tuple[str, ...]:
        """Questions that curated entries near this one answer; each is known to have an answer."""
        questions = [
            hit.passage.headings[-1]
            for found in findings
            for hit in found.hits
            if hit.passage.kind == "faq" and not said.intersection(sentences(hit.passage.text))
        ]
        asked = {found.part.text for found in findings}
        offered = [question for question in (*questions, *self._replies.suggestions) if question not in asked]
        return tuple(dict.fromkeys(offered))[:_FOLLOW_UPS]


def _spoken(passage: Passage, question: str, count: int) -> list[str]:
    """Up to `count` sentences from the start of the passage, or around the one that shares most words with it."""
    spoken = sentences(passage.text)
    if len(spoken) <= count:
        return spoken
    asked = set(_WORD.findall(question.lower()))
    shared = [len(asked.intersection(_WORD.findall(sentence.lower()))) for sentence in spoken]
    best = max(range(len(spoken)), key=lambda n: (shared[n], -n))
    start = 0 if best < count else min(best, len(spoken) - count)
    return spoken[start : start + count]


def _corrected(correction: Correction) -> Paragraph:
    evidence = from_passage(correction.passage, correction.similarity)
    return tuple(DraftClaim(sentence, (evidence,)) for sentence in sentences(correction.passage.text))


def _quoted(hit: Hit, spoken: Sequence[str]) -> list[DraftClaim]:
    evidence = from_passage(hit.passage, hit.similarity)
    return [DraftClaim(sentence, (evidence,)) for sentence in spoken]
