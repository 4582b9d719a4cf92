"""The way of a question as one LangChain Runnable: read, then retrieve and plan side by side, judge, answer, verify.

Every stage is a runnable of its own with a name, so that it can be traced, streamed and replaced.
"""

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda, RunnableParallel, RunnablePassthrough

from knowledge.index import Hit, Index
from market.market import Market
from market.reading import DataStatus
from rag.answer import NOTICE, Abstention, Answer, Claim
from rag.answerers.answerer import Found
from rag.answerers.order import Tried
from rag.compose import Composer
from rag.draft import Draft, markdown, numbered
from rag.evidence import Evidence, from_passage
from rag.frame import GuardName, Message
from rag.gap import Gap
from rag.generating.writer import Assignment, Hear, Writer, Written
from rag.judge.judge import Graded, Judge
from rag.plan import Plan, Planner
from rag.question import Question
from rag.reader import Reader
from rag.settings import RagSettings
from rag.verifying import Verdict, Verifier

HEAR = "hear"
"""Where in a run's configuration stands who is told of verified sentences while an answer is still being written."""

_GUARDED: tuple[GuardName, ...] = ("advice", "distress", "injection", "talk", "prediction", "outside")


@dataclass(frozen=True)
class Work:
    """What is known about a question so far; each stage adds its part and how long it took."""

    question: Question
    started: float
    now: datetime
    message: Message
    hits: Sequence[Sequence[Hit]] = ()
    plans: Sequence[Plan] = ()
    graded: Sequence[Sequence[Graded]] = ()
    draft: Draft = field(default_factory=lambda: Draft((), "abstained"))
    tried: Sequence[Tried] = ()
    written: Written | None = None
    verdicts: Sequence[Sequence[Verdict]] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def found(self) -> list[Found]:
        """Everything found for each question of the message."""
        together = zip(self.message.frames, self.hits, self.graded, self.plans, strict=True)
        return [Found(frame, hits, graded, plan) for frame, hits, graded, plan in together]


@dataclass(frozen=True)
class Stages:
    """The parts a chain is made of, built in one place and handed in."""

    market: Market
    index: Index
    reader: Reader
    planner: Planner
    judge: Judge
    composer: Composer
    verifier: Verifier
    writer: Writer | None
    settings: RagSettings
    listeners: Sequence[BaseCallbackHandler] = ()
    """Told of each stage as it begins and ends; they change nothing."""

    def begin(self, question: Question) -> Work:
        nothing = Message(question.text, "en", {}, ())
        return Work(question, time.perf_counter(), question.as_of or self.market.now(), nothing)

    def read(self, work: Work) -> Work:
        return replace(work, message=self.reader(work.question, work.now))

    def retrieve(self, work: Work) -> Work:
        count = self.settings.passages
        return replace(work, hits=[self.index.search(one.text, count, one.vector) for one in work.message.frames])

    def plan(self, work: Work) -> Work:
        advice = self.reader.fires(work.message.guards, "advice")
        plans = [self.planner(frame, work.question.as_of, advice=advice) for frame in work.message.frames]
        return replace(work, plans=plans)

    def grade(self, work: Work) -> Work:
        passages = self.index.retriever().passages
        graded = [
            self.judge.grade(frame, hits, passages) for frame, hits in zip(work.message.frames, work.hits, strict=True)
        ]
        return replace(work, graded=graded)

    def compose(self, work: Work) -> Work:
        composed = self.composer.compose(work.message, work.found)
        return replace(work, draft=composed.draft, tried=composed.tried)

    def generate(self, work: Work) -> Work:
        """Has the language model write, where it may; for callers without an event loop."""
        assert self.writer is not None  # noqa: S101 - the chain has this stage only with a writer
        if not self._may_be_written(work):
            return work
        return replace(work, written=self.writer.write_and_wait(self._assignment(work)))

    async def generate_and_tell(self, work: Work, config: RunnableConfig) -> Work:
        """As `generate`; whoever listens under `HEAR` in the configuration is told each sentence as it comes."""
        assert self.writer is not None  # noqa: S101 - as above
        if not self._may_be_written(work):
            return work
        hear: Hear | None = config.get("configurable", {}).get(HEAR)
        return replace(work, written=await self.writer.write(self._assignment(work), hear))

    def _may_be_written(self, work: Work) -> bool:
        """Advice, distress, orders and what cannot be answered get no words but ours."""
        free = not any(self.reader.fires(work.message.guards, name) for name in _GUARDED)
        return free and work.draft.status == "answered" and any(c.evidence for p in work.draft.paragraphs for c in p)

    def _assignment(self, work: Work) -> Assignment:
        claims = [claim for paragraph in work.draft.paragraphs for claim in paragraph]
        composed = [item for claim in claims for item in claim.evidence]
        near = [from_passage(hit.passage, hit.similarity) for hits in work.hits for hit in hits]
        shown = {item.key: item for item in reversed([*composed, *near])}
        evidence = list(shown.values())[::-1][: self.settings.model_evidence]
        return Assignment(work.message.standalone, evidence, work.draft, work.question.as_of)

    def verify(self, work: Work) -> Work:
        if work.written is not None and work.written.used:
            return replace(work, verdicts=[work.written.verdicts])
        return replace(work, verdicts=[self.verifier.composed(paragraph) for paragraph in work.draft.paragraphs])

    def settle(self, work: Work) -> "Settled":
        """Keeps what was verified and numbers it; a draft of which nothing is left but courtesies abstains."""
        kept = [
            tuple(verdict.claim for verdict in paragraph if verdict.kept)
            for paragraph in work.verdicts
            if any(verdict.kept for verdict in paragraph)
        ]
        if work.draft.paragraphs and not kept:
            gap = Gap("not_on_shelf")
            declined = Draft(
                (self.composer.gap_in_words(gap),), "abstained", work.draft.follow_ups, gap, work.draft.guard
            )
            return Settled(declined, *numbered(declined.paragraphs))
        return Settled(work.draft, *numbered(kept))

    def finish(self, work: Work) -> Answer:
        """The answer as it is handed out."""
        draft, paragraphs, evidence = self.settle(work)
        text = markdown(paragraphs)
        total = (time.perf_counter() - work.started) * 1000
        data = self.market.status(work.question.as_of)
        return Answer(
            id=_identity(work.question, text, data),
            question=work.question.text,
            standalone_question=work.message.standalone,
            status=draft.status,
            answer=text,
            claims=tuple(claim for paragraph in paragraphs for claim in paragraph),
            evidence=evidence,
            data=data,
            abstention=_abstention(draft.gap),
            guard=draft.guard,
            partial=draft.status == "answered" and draft.gap is not None,
            follow_ups=draft.follow_ups,
            model=work.written.model if work.written is not None and work.written.used else self.composer.name,
            timings_ms={**work.timings, "total": round(total, 2)},
            notice=_notice(work),
        )


class Settled(NamedTuple):
    """What is said in the end: the draft it came from, its kept claims by paragraph, their evidence."""

    draft: Draft
    paragraphs: tuple[tuple[Claim, ...], ...]
    evidence: tuple[Evidence, ...]


def build_chain(stages: Stages) -> Runnable[Question, Answer]:
    """The chain: a Question goes in, an Answer comes out."""
    return build_work(stages) | RunnableLambda(stages.finish, name="finish")


def build_work(stages: Stages) -> Runnable[Question, Work]:
    """The chain up to the verified draft; `rag.trace` reads from its work how an answer came about."""
    side_by_side = RunnableParallel(
        {"retrieved": _stage("retrieve", stages.retrieve), "planned": _stage("plan", stages.plan)}
    )
    chain = (
        RunnableLambda(stages.begin, name="begin")
        | _stage("understand", stages.read)
        | side_by_side
        | RunnableLambda(_joined, name="join")
        | _stage("judge", stages.grade)
        | _stage("compose", stages.compose)
        | _writing(stages)
        | _stage("verify", stages.verify)
    )
    return chain.with_config(callbacks=list(stages.listeners)) if stages.listeners else chain


def _writing(stages: Stages) -> Runnable[Work, Work]:
    if stages.writer is None:
        return RunnablePassthrough()
    return RunnableLambda(
        _timed("generate", stages.generate), _timed_async("generate", stages.generate_and_tell), name="generate"
    )


def _stage(name: str, work_on: Callable[[Work], Work]) -> RunnableLambda[Work, Work]:
    return RunnableLambda(_timed(name, work_on), name=name)


def _timed(name: str, work_on: Callable[[Work], Work]) -> Callable[[Work], Work]:
    def timed(work: Work) -> Work:
        start = time.perf_counter()
        return _took(work_on(work), name, start)

    return timed


def _timed_async(
    name: str, work_on: Callable[[Work, RunnableConfig], Awaitable[Work]]
) -> Callable[[Work, RunnableConfig], Awaitable[Work]]:
    async def timed(work: Work, config: RunnableConfig) -> Work:
        start = time.perf_counter()
        return _took(await work_on(work, config), name, start)

    return timed


def _took(work: Work, name: str, start: float) -> Work:
    return replace(work, timings={**work.timings, name: round((time.perf_counter() - start) * 1000, 2)})


def _joined(done: Mapping[str, Work]) -> Work:
    retrieved, planned = done["retrieved"], done["planned"]
    return replace(retrieved, plans=planned.plans, timings={**retrieved.timings, **planned.timings})


def _abstention(gap: Gap | None) -> Abstention | None:
    if gap is None:
        return None
    return Abstention(reason=gap.reason, missing=gap.missing, nearest=gap.nearest, choices=gap.choices)


def _notice(work: Work) -> str:
    """The standing line, and why a language model's words are not used where one was asked."""
    if work.written is None or work.written.failure is None:
        return NOTICE
    return f"{NOTICE} Composed without the language model {work.written.model}: {work.written.failure}."


def _identity(question: Question, text: str, data: DataStatus) -> str:
    """The same question answered with the same words from the same data is the same answer."""
    parts = (question.model_dump_json(), text, data.as_of.isoformat(), str(data.source))
    return "ans_" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
