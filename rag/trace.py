"""How an answer came about, as data: what was understood, found, planned, and which sentences were kept or dropped.

Made from the chain's finished work; it changes nothing and judges nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel, ConfigDict

from knowledge.index import Hit
from rag.answer import Answer, Status
from rag.chain import Stages, Work, build_work
from rag.generating.writer import Written
from rag.intent import Intent
from rag.planning import FigureGroup, Plan
from rag.question import Question
from rag.understanding import Part
from rag.verifying import Verdict

_NEAREST = 3


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


class PlannedFigure(Traced):
    """The published values fetched for one quantity of one event."""

    event: str
    family: str
    values: tuple[str, ...]


class PlannedCalculation(Traced):
    """One calculation, with the inputs it was given."""

    calculation: str
    inputs: Mapping[str, float | str]
    value: float
    unit: str


class TracedPart(Traced):
    """One of the questions inside the message: as understood, and what was fetched for it.

    `certain` means that words, not likeness, decided the intent; `nearest` holds the likeliest intents with the
    cosine of their best example; `missing` the inputs a calculation still needs; `gaps` the readings that could
    not be had, each with its reason.
    """

    text: str
    intent: Intent
    certain: bool
    nearest: Mapping[str, float]
    assets: tuple[str, ...]
    events: tuple[str, ...]
    day: str | None
    window: str | None
    about_now: bool
    unknown_names: tuple[str, ...]
    calculation: str | None
    missing: tuple[str, ...]
    passages: tuple[FoundPassage, ...]
    readings: tuple[PlannedReading, ...]
    figures: tuple[PlannedFigure, ...]
    calculations: tuple[PlannedCalculation, ...]
    gaps: tuple[str, ...]
    refusal: str | None


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
        standalone=work.standalone,
        as_of=work.now,
        status=work.draft.status,
        parts=tuple(
            _part(part, hits, plan) for part, hits, plan in zip(work.parts, work.hits, work.plans, strict=True)
        ),
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


def _part(part: Part, hits: Sequence[Hit], plan: Plan) -> TracedPart:
    nearest = list(part.nearest.items())[:_NEAREST]
    return TracedPart(
        text=part.text,
        intent=part.intent,
        certain=part.certain,
        nearest={name: round(cosine, 4) for name, cosine in nearest},
        assets=part.assets,
        events=tuple(event.id for event in part.events),
        day=part.period.day,
        window=str(part.period.window) if part.period.window else None,
        about_now=part.about_now,
        unknown_names=part.unknown_names,
        calculation=part.calculation.name if part.calculation else None,
        missing=tuple(part.calculation.missing) if part.calculation else (),
        passages=tuple(_passage(hit) for hit in hits),
        readings=tuple(PlannedReading.model_validate(reading.model_dump()) for reading in plan.readings),
        figures=tuple(_figures(group) for group in plan.figures),
        calculations=tuple(PlannedCalculation.model_validate(one.model_dump()) for one in plan.calculations),
        gaps=tuple(plan.gaps),
        refusal=plan.refusal,
    )


def _passage(hit: Hit) -> FoundPassage:
    return FoundPassage(
        id=hit.passage.id,
        title=": ".join((hit.passage.title, *hit.passage.headings)),
        score=hit.score,
        similarity=hit.similarity,
        question_similarity=hit.question_similarity,
        bm25=hit.bm25,
    )


def _figures(group: FigureGroup) -> PlannedFigure:
    shown = [f"{figure.quantity} {figure.value:g} {figure.unit}" for figure in (*group.main, *group.beside)]
    return PlannedFigure(event=group.event.id, family=group.family, values=tuple(shown))
