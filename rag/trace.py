"""How an answer came about, as data: what was understood, found, planned, and which sentences were kept or dropped.

Made from the chain's finished work; it changes nothing and judges nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TypeVar

from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel, ConfigDict

from knowledge.index import Hit
from rag.answer import Answer, Status
from rag.answerers.answerer import Found
from rag.answerers.order import Tried
from rag.chain import Stages, Work, build_work
from rag.frame import GuardName, Kind, Route
from rag.generating.writer import Written
from rag.judge.judge import Graded
from rag.question import Question
from rag.verifying import Verdict

_NEAREST = 3
_GRADED = 8
Name = TypeVar("Name", bound=str)


class Traced(BaseModel):
    model_config = ConfigDict(frozen=True)


class FoundPassage(Traced):
    """One passage retrieval gave, with the fused score and what each part of the index gave it."""

    id: str
    title: str
    score: float
    similarity: float
    question_similarity: float
    bm25: float


class PlannedReading(Traced):
    """One reading that was computed."""

    metric: str
    asset: str
    window: str | None
    value: float | str
    unit: str
    as_of: datetime


class GradedPassage(Traced):
    """One candidate as the judge saw it: how likely it answers, and how likely it helps at all."""

    id: str
    title: str
    answers: float
    helps: float


class PlannedCalculation(Traced):
    """One calculation, with the inputs it was given."""

    calculation: str
    inputs: Mapping[str, float | str]
    value: float
    unit: str


class TracedPart(Traced):
    """One of the questions inside the message: as read, what was found for it, and who answered.

    `routes`, `kinds` and `guards` are the likeliest with their probabilities; `missing` the inputs a calculation still
    needs; `gaps` the readings that could not be had, each with its reason; `tried` the answerers in their order.
    """

    text: str
    route: Route
    kind: Kind
    routes: Mapping[Route, float]
    kinds: Mapping[Kind, float]
    guards: Mapping[GuardName, float]
    yes_no: float
    entities: tuple[str, ...]
    events: tuple[str, ...]
    day: str | None
    window: str | None
    aggregate: str
    unknown_names: tuple[str, ...]
    calculation: str | None
    missing: tuple[str, ...]
    passages: tuple[FoundPassage, ...]
    graded: tuple[GradedPassage, ...]
    readings: tuple[PlannedReading, ...]
    calculations: tuple[PlannedCalculation, ...]
    gaps: tuple[str, ...]
    refusal: str | None
    tried: tuple[str, ...] = ()
    answered_by: str = ""


class TracedSentence(Traced):
    """One sentence of the draft; if it was dropped, for what `reason`.

    `unsupported` are its numbers without a receipt, as written; an `order` is aimed at whoever writes the answer.
    """

    text: str
    kept: bool
    unsupported: tuple[str, ...]
    order: bool = False
    reason: str | None = None


class Generation(Traced):
    """What a language model wrote: its sentences with their verdicts, codes it made up, why it is not used if so."""

    model: str
    used: bool
    failure: str | None
    unknown_codes: int
    sentences: tuple[TracedSentence, ...]


class Trace(Traced):
    """Everything between the question and its answer. `status` is the draft's, before verification.

    `generation` is None where no language model was asked.
    """

    question: str
    standalone: str
    as_of: datetime
    status: Status
    parts: tuple[TracedPart, ...]
    sentences: tuple[TracedSentence, ...]
    generation: Generation | None = None


@dataclass(frozen=True)
class Explained:
    """An answer with the trace of how it came about."""

    answer: Answer
    trace: Trace


def build_explaining_chain(stages: Stages) -> Runnable[Question, Explained]:
    """The same chain as `build_chain`, which also hands over its trace."""

    def explain(work: Work) -> Explained:
        return Explained(stages.finish(work), trace_of(work))

    return build_work(stages) | RunnableLambda(explain, name="explain")


def trace_of(work: Work) -> Trace:
    """The trace of work that has been verified."""
    return Trace(
        question=work.question.text,
        standalone=work.message.standalone,
        as_of=work.now,
        status=work.draft.status,
        parts=tuple(_part(found, tried) for found, tried in zip_longest(work.found, work.tried)),
        sentences=tuple(_sentence(verdict) for paragraph in work.verdicts for verdict in paragraph),
        generation=_generation(work.written) if work.written is not None else None,
    )


def _generation(written: Written) -> Generation:
    return Generation(
        model=written.model,
        used=written.used,
        failure=written.failure,
        unknown_codes=written.unknown_codes,
        sentences=tuple(map(_sentence, written.verdicts)),
    )


def _sentence(verdict: Verdict) -> TracedSentence:
    return TracedSentence(
        text=verdict.claim.text,
        kept=verdict.kept,
        unsupported=verdict.unsupported,
        order=verdict.order,
        reason=verdict.reason,
    )


def _part(found: Found, tried: Tried | None) -> TracedPart:
    frame, plan = found.frame, found.plan
    request = frame.calculation
    return TracedPart(
        text=frame.text,
        route=frame.route,
        kind=frame.kind,
        routes=_likeliest(frame.routes),
        kinds=_likeliest(frame.kinds),
        guards=_likeliest(frame.guards),
        yes_no=frame.yes_no,
        entities=tuple(entity.id for entity in frame.entities),
        events=tuple(event.id for event in frame.events),
        day=frame.period.day,
        window=str(frame.period.window) if frame.period.window else None,
        aggregate=frame.aggregate,
        unknown_names=frame.unknown,
        calculation=request.name if request else None,
        missing=tuple(request.missing) if request else (),
        passages=tuple(_passage(hit) for hit in found.hits),
        graded=tuple(_graded(one) for one in found.graded[:_GRADED]),
        readings=tuple(PlannedReading.model_validate(reading.model_dump()) for reading in plan.readings),
        calculations=tuple(PlannedCalculation.model_validate(one.model_dump()) for one in plan.calculations),
        gaps=tuple(plan.gaps),
        refusal=plan.refusal,
        tried=tried.tried if tried else (),
        answered_by=tried.by if tried else "",
    )


def _likeliest(probabilities: Mapping[Name, float]) -> dict[Name, float]:
    ranked = sorted(probabilities.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ranked[:_NEAREST])


def _graded(one: Graded) -> GradedPassage:
    return GradedPassage(id=one.passage.id, title=one.passage.place, answers=one.answers, helps=one.helps)


def _passage(hit: Hit) -> FoundPassage:
    return FoundPassage(
        id=hit.passage.id,
        title=": ".join((hit.passage.title, *hit.passage.headings)),
        score=hit.score,
        similarity=hit.similarity,
        question_similarity=hit.question_similarity,
        bm25=hit.bm25,
    )
