"""Answers, attempts and runs made by hand, so that each test says only what it is about."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from eval.attempt import Attempt
from eval.case import Case
from eval.ground import Ground
from eval.run import CaseResult, Run
from knowledge.embedding import Embedder
from market.reading import DataStatus
from rag.answer import Answer, Claim, Status
from rag.evidence import Evidence
from rag.meaning.comparing import Meaning
from rag.trace import Trace, TracedPart, TracedSentence

MOMENT = datetime(2025, 11, 5, tzinfo=UTC)


def case(**given: object) -> Case:
    return Case.model_validate({"id": "c", "question": "How much?", "kind": "event_fact", "expect": "answer"} | given)


def answer(
    *claims: str | tuple[str, str], status: Status = "answered", question: str = "How much?", **given: object
) -> Answer:
    """An answer whose claims each cite a passage: their own text, or the second of a pair."""
    pairs = [claim if isinstance(claim, tuple) else (claim, claim) for claim in claims]
    evidence = tuple(
        Evidence(n=n, kind="passage", title="A passage", text=text) for n, (_, text) in enumerate(pairs, start=1)
    )
    made = Answer(
        id="ans_1",
        question=question,
        standalone_question=question,
        status=status,
        answer=" ".join(said for said, _ in pairs),
        claims=tuple(Claim(text=said, evidence=(n,)) for n, (said, _) in enumerate(pairs, start=1)),
        evidence=evidence,
        data=DataStatus(mode="none", source=None, latest=None, as_of=MOMENT, stale=False),
        follow_ups=(),
        model="composer",
        timings_ms={"total": 1.0},
    )
    return made.model_copy(update=given)


def part(**given: object) -> TracedPart:
    nothing: dict[str, object] = {
        "text": "How much?", "route": "explain", "kind": "definition", "routes": {}, "kinds": {}, "guards": {},
        "yes_no": 0.0, "entities": (), "events": (), "day": None, "window": None, "aggregate": "value",
        "unknown_names": (), "calculation": None, "missing": (), "passages": (), "graded": (), "readings": (),
        "calculations": (), "gaps": (), "refusal": None,
    }  # fmt: skip
    return TracedPart.model_validate(nothing | given)


def found(*ids: str) -> list[dict[str, object]]:
    """Passages as retrieved, best first."""
    return [
        {"id": one, "title": one, "score": 1 / rank, "similarity": 0.5, "question_similarity": 0.5, "bm25": 1.0}
        for rank, one in enumerate(ids, start=1)
    ]


def graded(*ids: str) -> list[dict[str, object]]:
    """Passages as the judge graded them, best first."""
    return [{"id": one, "title": one, "answers": 0.5 / rank, "helps": 0.6 / rank} for rank, one in enumerate(ids, 1)]


def trace(*parts: TracedPart, status: Status = "answered", standalone: str = "How much?", **given: object) -> Trace:
    return Trace.model_validate(
        {"question": "How much?", "standalone": standalone, "as_of": MOMENT, "status": status, "parts": parts,
         "sentences": ()} | given
    )  # fmt: skip


def dropped(text: str) -> TracedSentence:
    return TracedSentence(text=text, kept=False, unsupported=("9",))


@pytest.fixture
def meaning(embedder: Embedder) -> Meaning:
    return Meaning(embedder.embed)


@pytest.fixture
def attempt(meaning: Meaning) -> Callable[..., Attempt]:
    """Makes an attempt of a case and an answer; the trace is empty unless given."""

    def made(asked: Case, got: Answer, how: Trace | None = None) -> Attempt:
        return Attempt(asked, got, how or trace(part()), meaning)

    return made


def ground(**given: object) -> Ground:
    return Ground.model_validate(
        {"corpus": "k", "embedder": "e", "market_data": "m", "data_mode": "none", "data_source": None, "as_of": MOMENT,
         "settings": {}, "model": "composer", "code": "1", "cases": "c", "scorers": {}} | given
    )  # fmt: skip


def result(number: int, *, passed: bool = True, **given: object) -> CaseResult:
    value = 1.0 if passed else 0.0
    return CaseResult.model_validate(
        {"case": case(id=f"case-{number}"), "passed": passed, "status": "answered", "answer": "Words.",
         "scores": {"status": value, "facts_found": value}, "misses": {},
         "reasons": () if passed else ("retrieved_but_not_used",)} | given
    )  # fmt: skip


def run_of(passed: Sequence[bool], **given: object) -> Run:
    return Run(ground=ground(**given), results=tuple(result(n, passed=one) for n, one in enumerate(passed)))
