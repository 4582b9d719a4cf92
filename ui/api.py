"""The answer API: typed routes over the parts that `ui/app.py` built; every problem comes as RFC 9457 JSON."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import FastAPI, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sse_starlette.sse import EventSourceResponse

from knowledge.figures import Event
from market.durations import duration_of
from market.reading import Reading
from rag.answer import Answer
from rag.question import Question, Turn
from ui.api_replay import add_replay
from ui.app import App
from ui.problems import add_problem_handlers
from ui.search import search_results


class AnswerRequest(BaseModel):
    """A question with the turns before it. `as_of` answers with the market as it stood then."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "What are forced liquidations in crypto trading?"}]},
    )

    question: str = Field(min_length=1)
    history: list[Turn] = Field(default_factory=list, max_length=50)
    as_of: AwareDatetime | None = None
    stream: bool = False


class SearchResponse(BaseModel):
    """Passages found for a query, best first."""

    query: str
    results: list[dict[str, str | int | float | None]]


class MetricDescription(BaseModel):
    """What a metric is and how it may be asked for."""

    name: str
    description: str
    unit: str
    formula: str
    examples: tuple[str, ...]


class FaqEntry(BaseModel):
    """One curated question with its answer."""

    id: str
    question: str
    answer: str
    topic: str


class Health(BaseModel):
    """`ok` while the process runs; readiness also says what it stands on."""

    status: Literal["ok"]
    passages: int | None = None
    data_mode: str | None = None


def build_api(app: App) -> FastAPI:
    """The API over `app`; the chat is mounted beside it by who serves both."""
    api = FastAPI(
        title="Market Pulse",
        summary="Answers about crypto market crashes in which every number has a receipt.",
        version="1",
    )
    add_problem_handlers(api)

    @api.post("/v1/answers", response_model=Answer, tags=["answers"])
    async def answer(request: AnswerRequest) -> Answer | Response:
        """The answer with its receipts; with `stream`, server-sent events: one `claim` each, then the `answer`."""
        limit = app.rag_settings.question_limit
        question = Question.ask(request.question, request.history, request.as_of, limit)
        if request.stream:
            return EventSourceResponse(_events(app, question))
        return await app.answer(question, "api")

    @api.get("/v1/search", tags=["knowledge"])
    async def search(
        q: Annotated[str, Query(min_length=1, max_length=500)], k: Annotated[int, Query(ge=1, le=100)] = 10
    ) -> SearchResponse:
        results = await asyncio.to_thread(search_results, app.library.index, q, k)
        return SearchResponse(query=q, results=results)

    @api.get("/v1/events", tags=["knowledge"])
    async def events() -> list[Event]:
        """Every crash event with its published figures, conflicting ones included."""
        return list(app.library.events)

    @api.get("/v1/faq", tags=["knowledge"])
    async def faq() -> list[FaqEntry]:
        """Every curated question and answer."""
        return [
            FaqEntry(id=passage.id, question=passage.headings[-1], answer=passage.text, topic=passage.topic)
            for passage in app.library.index.passages()
            if passage.kind == "faq"
        ]

    @api.get("/v1/metrics", tags=["market"])
    async def metrics() -> list[MetricDescription]:
        """Every metric with its formula and questions it answers."""
        return [
            MetricDescription(
                name=metric.name,
                description=metric.description,
                unit=metric.unit,
                formula=metric.formula,
                examples=tuple(metric.examples),
            )
            for metric in app.market.metrics().values()
        ]

    @api.get("/v1/metrics/{name}", tags=["market"])
    async def metric(
        name: str, asset: str | None = None, window: str | None = None, as_of: AwareDatetime | None = None
    ) -> Reading:
        """One reading, computed now or as of a moment."""
        span: timedelta | None = duration_of(window) if window else None
        return await asyncio.to_thread(app.market.read, name, asset, span, as_of)

    add_replay(api, app.market)

    @api.get("/healthz", tags=["health"])
    async def healthz() -> Health:
        return Health(status="ok")

    @api.get("/readyz", tags=["health"])
    async def readyz() -> Health:
        """Ready once the index is open: says how many passages and which market data stand behind answers."""
        return Health(status="ok", passages=len(app.library.index), data_mode=app.market.status().mode)

    return api


async def _events(app: App, question: Question) -> AsyncIterator[dict[str, str]]:
    answer = await app.answer(question, "api")
    for claim in answer.claims:
        yield {"event": "claim", "data": claim.model_dump_json()}
    yield {"event": "answer", "data": answer.model_dump_json()}
