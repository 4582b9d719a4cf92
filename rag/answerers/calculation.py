"""Works out what was asked with the asker's own numbers, or asks for the one that is missing."""

from market.calculators import CALCULATORS
from rag.alternatives import other_cases, wants_cross
from rag.answerers.answerer import Found
from rag.answerers.reading import Metrics
from rag.draft import DraftClaim, Paragraph
from rag.evidence import Evidence
from rag.gap import Gap
from rag.phrasing import joined
from rag.replies import Replies
from rag.reply import Reply
from rag.stating import calculation_claims, reading_claims


class CalculationAnswerer:
    """Says calculations. A message that lacks an input is answered with the question for it."""

    name = "calculation"

    def __init__(self, replies: Replies, metrics: Metrics) -> None:
        self._replies = replies
        self._metrics = metrics

    def accepts(self, found: Found) -> bool:
        return found.plan.request is not None

    def answer(self, found: Found) -> Reply | None:
        plan, request = found.plan, found.plan.request
        if request is None:
            return None
        if plan.calculations:
            calculator = CALCULATORS[plan.calculations[0].calculation]
            claims = calculation_claims(plan.calculations, calculator)
            if wants_cross(found.frame.text, request):
                claims.insert(len(plan.calculations), DraftClaim(self._replies.cross[0]))
            paragraphs: list[Paragraph] = [tuple(claims)]
            if plan.readings:
                paragraphs.append(tuple(reading_claims(plan.readings, self._metrics())))
            return Reply(tuple(paragraphs), answered=True, follow_ups=other_cases(found.frame.text, request))
        if plan.refusal:
            evidence = Evidence(
                kind="calculation",
                title="Inputs as understood",
                text=plan.refusal,
                detail={"inputs": dict(request.inputs)},
            )
            said = f"That cannot be calculated: {plan.refusal.rstrip('.')}."
            return Reply(((DraftClaim(said, (evidence,)),),), answered=True)
        if request.missing:
            said = self._replies.missing[0].format(missing=joined(list(request.missing)))
            return Reply(((DraftClaim(said),),), answered=False, gap=Gap("ambiguous", missing=request.missing))
        return None
