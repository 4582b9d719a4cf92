"""`POST /v1/chat/completions` and `GET /v1/models`, so that OpenAI's own client works unchanged."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import FastAPI, Path, Request
from fastapi.responses import Response
from starlette.types import Scope

from rag.answer import Answer
from rag.question import Question
from rag.streaming import Said
from ui.api.asking import question_of, unless_gone
from ui.api.eventstream import EVENT_SCHEMA, EventStream, unnamed
from ui.api.examples import example
from ui.api.openai import (
    MODEL,
    Chunk,
    ChunkChoice,
    Completion,
    CompletionRequest,
    Delta,
    Model,
    Models,
    Usage,
    completion_id,
    piece,
)
from ui.app import App
from ui.errors import UnknownModel
from ui.problems import failed
from ui.settings import UiSettings

_STREAMED = """data: {"id":"chatcmpl-…","object":"chat.completion.chunk","choices":[{"delta":{"content":"…"}}]}

data: [DONE]

"""


def add_completions(
    api: FastAPI, app: App, settings: UiSettings, wall: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> None:
    """Registers the routes."""

    @api.get("/v1/models", tags=["OpenAI"])
    async def models() -> Models:
        """The one model there is."""
        return Models(data=[Model(id=MODEL)])

    @api.get("/v1/models/{name}", tags=["OpenAI"])
    async def model(name: Annotated[str, Path(examples=["market-pulse"])]) -> Model:
        """The model, if it is the one there is."""
        _refuse_unknown(name)
        return Model(id=MODEL)

    @api.post(
        "/v1/chat/completions",
        response_model=Completion,
        tags=["OpenAI"],
        responses={
            200: {
                "content": {
                    "application/json": {"example": example("completion")},
                    "text/event-stream": {"itemSchema": EVENT_SCHEMA, "example": _STREAMED},
                }
            }
        },
    )
    async def completions(asked: CompletionRequest, request: Request) -> Completion | Response:
        """An answer in OpenAI's shape; the whole Answer with its receipts stands in `market_pulse`.

        Earlier user and assistant messages are the history; system messages and the settings of a sampler are left
        aside; tools, several choices and other formats than text are refused. With `stream`, chunks as OpenAI sends
        them, of which the last with a choice carries `market_pulse`.
        """
        _refuse_unknown(asked.model)
        text, history = asked.conversation()
        question = question_of(text, history, asked.as_of, app, settings)
        created = int(wall().timestamp())
        if not asked.stream:
            answer = await unless_gone(request, app.answer(question, "api"))
            return Completion.of(answer, completion_id(request.scope), created)
        with_usage = asked.stream_options is not None and asked.stream_options.include_usage
        return EventStream(_events(app, question, created, request.scope, with_usage=with_usage))


def _refuse_unknown(name: str) -> None:
    if name != MODEL:
        raise UnknownModel(name, MODEL)


async def _events(app: App, question: Question, created: int, scope: Scope, *, with_usage: bool) -> AsyncGenerator[str]:
    id_ = completion_id(scope)

    def chunk(delta: Delta, finish: Literal["stop"] | None = None, answer: Answer | None = None) -> str:
        choice = ChunkChoice(delta=delta, finish_reason=finish)
        return _written(Chunk(id=id_, created=created, choices=[choice], market_pulse=answer))

    yield chunk(Delta(role="assistant", content=""))
    before: Said | None = None
    try:
        async with aclosing(app.stream(question, "api")) as told:
            async for one in told:
                if isinstance(one, Answer):
                    yield chunk(Delta(), "stop", one)
                else:
                    yield chunk(Delta(content=piece(one, before)))
                    before = one
    except Exception as error:  # the status is sent already: whatever went wrong has to be told inside the stream
        yield unnamed(failed(scope, error))
        return
    if with_usage:
        yield _written(Chunk(id=id_, created=created, choices=[], usage=Usage()))
    yield unnamed("[DONE]")


def _written(chunk: Chunk) -> str:
    return unnamed(chunk.model_dump_json(exclude_none=True))
