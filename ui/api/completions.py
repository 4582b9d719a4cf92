"""`POST /v1/chat/completions` and `GET /v1/models`, so that OpenAI's own client works unchanged."""

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import Scope

from rag.question import Question
from ui.api.asking import question_of, unless_gone
from ui.api.eventstream import EventStream, unnamed
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
    pieces,
)
from ui.app import App
from ui.errors import UnknownModel
from ui.problems import problem_of, status_of, told
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
    async def model(name: str) -> Model:
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
                    "text/event-stream": {"schema": {"type": "string"}, "example": _STREAMED},
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
            return Completion.of(await unless_gone(request, app.answer(question, "api")), created)
        with_usage = asked.stream_options is not None and asked.stream_options.include_usage
        return EventStream(_events(app, question, created, request.scope, with_usage=with_usage))


def _refuse_unknown(name: str) -> None:
    if name != MODEL:
        raise UnknownModel(name, MODEL)


async def _events(app: App, question: Question, created: int, scope: Scope, *, with_usage: bool) -> AsyncIterator[str]:
    try:
        answer = await app.answer(question, "api")
    except Exception as error:  # the status is sent already: whatever went wrong has to be told inside the stream
        logging.getLogger(__name__).exception("stream of request %s failed", scope["state"]["request_id"])
        problem = problem_of(scope, status_of(error), told(error))
        yield unnamed(problem.model_dump_json(exclude_none=True))
        return
    id_ = completion_id(answer)
    role = Delta(role="assistant", content="")
    yield _chunk(Chunk(id=id_, created=created, choices=[ChunkChoice(delta=role)]))
    for piece in pieces(answer):
        yield _chunk(Chunk(id=id_, created=created, choices=[ChunkChoice(delta=Delta(content=piece))]))
    end = ChunkChoice(delta=Delta(), finish_reason="stop")
    yield _chunk(Chunk(id=id_, created=created, choices=[end], market_pulse=answer))
    if with_usage:
        yield _chunk(Chunk(id=id_, created=created, choices=[], usage=Usage()))
    yield unnamed("[DONE]")


def _chunk(chunk: Chunk) -> str:
    return unnamed(chunk.model_dump_json(exclude_none=True))
