"""Composes the answer without a language model, from curated text, published figures and computed readings.

The first sentence answers; what follows explains. The same question gives the same words every time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.index import Hit
from market.calculators import CALCULATORS
from market.market import Market
from rag.alternatives import other_cases, wants_cross
from rag.comparing import compared
from rag.correcting import Corrector
from rag.draft import Draft, DraftClaim, Paragraph
from rag.evidence import Evidence
from rag.explaining import Explainer, Passages
from rag.figures import FigureGuide
from rag.periods import ASKS_WHEN
from rag.phrasing import joined
from rag.planning import AS_A_WHOLE, Plan
from rag.relevance import fits
from rag.replies import Replies
from rag.sentences import sentences
from rag.stating import FigureSentences, calculation_claims, reading_claims
from rag.telling import told
from rag.understanding import Part

_FOLLOW_UPS = 3
_NEAR_ADVICE = 0.5
"""Cosine from which a passage is told beside what is taught to who seeks advice."""
_ASKED_BEFORE = 0.7
"""Cosine to a FAQ phrasing from which its answer takes the place of the story of a crash."""
_STATED_BEFORE = 0.55
"""The same where a crash is only spoken of: who states something wants it confirmed or set right."""
_PLAINLY_SAID = 0.64
"""Cosine from which a premise is set right although the search did not find the passage that does."""
_DENIES = re.compile(r"No\b")
"""How a curated answer begins that sets a premise right; numbers come after it."""


@dataclass(frozen=True)
class Findings:
    """What was found for one part of the message."""

    part: Part
    hits: Sequence[Hit]
    plan: Plan


def _seconded(found: Findings) -> Plan:
    """The plan, without a correction from a passage that nothing else finds near the question."""
    correction = found.plan.correction
    near = {hit.passage.id for hit in found.hits}
    if correction is None or correction.similarity >= _PLAINLY_SAID or correction.passage.id in near:
        return found.plan
    return replace(found.plan, correction=None)


class Composer:
    """Writes drafts. Holds nothing that changes between questions."""

    name = "composer"

    def __init__(
        self, market: Market, guide: FigureGuide, explainer: Explainer, passages: Passages, replies: Replies
    ) -> None:
        self._market = market
        self._guide = guide
        self._figures = FigureSentences(guide)
        self._corrector = Corrector(self._figures, passages, replies)
        self._explainer = explainer
        self._passages = passages
        self._replies = replies

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
        nothing = not paragraphs or all(found.plan.unread for found in findings)
        return Draft(tuple(paragraphs), "abstained" if nothing else "answered", self._follow_ups(findings, said))

    def _paragraphs(self, found: Findings) -> list[Paragraph]:
        """A premise set right, computed and published numbers, then what explains them."""
        part, plan = found.part, _seconded(found)
        if plan.unread:
            return [(self._unread(plan.unread),)]
        corrected = self._corrector.paragraphs(part, plan)
        if plan.correction and not part.asks:
            return corrected
        if len(part.events) == 1 and not plan.figures and ASKS_WHEN.search(part.text) and not part.misdated:
            corrected = [self._corrector.days(part.events[0]), *corrected]
        numbers = self._numbers(found)
        told_of_it = plan.whole_event and self._asked_before(found)
        if plan.whole_event and not told_of_it and not numbers and len(part.events) == 1 and part.intent != "advice":
            story = told(part.events[0], tuple(self._figures.headline(plan.figures)), self._passages)
            return [paragraph for paragraph in (*corrected, *story) if paragraph]
        published = [] if told_of_it else self._published(plan)
        fitting = [hit for hit in found.hits if fits(hit.passage, part.events, timeless=bool(plan.readings))]
        # Advice-seeking is taught first; what the data says stands behind it.
        if part.intent == "advice":
            taught = self._explainer.paragraphs(part.text, found.hits[:1], ())
            taught += self._explainer.paragraphs(part.text, found.hits[1:], (), briefly=True, near=_NEAR_ADVICE)[:1]
            said = (*corrected, *taught, *published, *numbers)
        elif part.why_now and not part.events:
            said = (*numbers, (DraftClaim(self._replies.why_now[0]),)) if numbers else ()
        else:
            briefly = bool(numbers or published or corrected) and not part.why_now
            explained = self._explainer.paragraphs(part.text, fitting, part.events, briefly=briefly)
            denied = [paragraph for paragraph in explained[:1] if _DENIES.match(paragraph[0].text)]
            said = (*corrected, *denied, *published, *numbers, *explained[len(denied) :])
        return [paragraph for paragraph in said if paragraph]

    def _asked_before(self, found: Findings) -> bool:
        """Whether a curated answer is about the very thing asked of a crash, so that its whole story is too much."""
        near = max((hit.question_similarity for hit in found.hits if hit.passage.kind == "faq"), default=0.0)
        floor = _ASKED_BEFORE if found.part.asks else _STATED_BEFORE
        return near >= floor and not AS_A_WHOLE.search(found.part.text)

    def _published(self, plan: Plan) -> list[Paragraph]:
        if not plan.figures:
            return []
        return compared(plan.figures, self._guide) or [tuple(self._figures.claims(plan.figures))]

    def _numbers(self, found: Findings) -> list[Paragraph]:
        """What was calculated and read, and what a calculation still lacks."""
        part, plan = found.part, found.plan
        numbers: list[Paragraph] = []
        if plan.calculations:
            calculator = CALCULATORS[plan.calculations[0].calculation]
            claims = calculation_claims(plan.calculations, calculator)
            if part.calculation and wants_cross(part.text, part.calculation):
                claims.insert(len(plan.calculations), DraftClaim(self._replies.cross[0]))
            numbers.append(tuple(claims))
        if plan.refusal and part.calculation:
            numbers.append((self._refused(part, plan.refusal),))
        if part.calculation and part.calculation.missing and not plan.calculations:
            missing = self._replies.missing[0].format(missing=joined(list(part.calculation.missing)))
            numbers.append((DraftClaim(missing),))
        if plan.readings:
            numbers.append(tuple(reading_claims(plan.readings, self._market.metrics())))
        return numbers

    def _unread(self, assets: Sequence[str]) -> DraftClaim:
        gap = self._replies.gap[0].format(asset=joined(list(assets)))
        return DraftClaim(gap)

    def _refused(self, part: Part, reason: str) -> DraftClaim:
        inputs = part.calculation.inputs if part.calculation else {}
        evidence = Evidence(
            kind="calculation", title="Inputs as understood", text=reason, detail={"inputs": dict(inputs)}
        )
        return DraftClaim(f"That cannot be calculated: {reason.rstrip('.')}.", (evidence,))

    def _follow_ups(self, findings: Sequence[Findings], said: set[str]) -> tuple[str, ...]:
        """The case that a calculation did not assume, then questions that curated entries near this one answer."""
        others = [
            question
            for found in findings
            if found.plan.calculations and found.part.calculation
            for question in other_cases(found.part.text, found.part.calculation)
        ]
        questions = [
            hit.passage.headings[-1]
            for found in findings
            for hit in found.hits
            if hit.passage.kind == "faq" and not said.intersection(sentences(hit.passage.text))
        ]
        asked = {found.part.text for found in findings}
        offered = [question for question in (*others, *questions, *self._replies.suggestions) if question not in asked]
        return tuple(dict.fromkeys(offered))[:_FOLLOW_UPS]
