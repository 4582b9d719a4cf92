"""`POST /v1/answers`: one answer with its receipts, whole or as a stream of verified claims."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import Scope

from rag.answer import Answer
from rag.question import Question
from ui.api.asking import question_of, unless_gone
from ui.api.eventstream import EVENT_SCHEMA, EventStream, event
from ui.api.examples import example
from ui.api.shapes import AnswerRequest, ClaimEvent
from ui.app import App
from ui.problems import failed
from ui.settings import UiSettings

_STREAMED = """event: claim
data: {"text":"Leverage is exposure divided by margin.","evidence":[1],"receipts":[…],"paragraph":0}

event: answer
data: {"id":"ans_…","question":"What is leverage?","status":"answered","answer":"…"}

"""


def add_answers(api: FastAPI, app: App, settings: UiSettings) -> None:
    """Registers the route."""

    @api.post(
        "/v1/answers",
        response_model=Answer,
        tags=["answers"],
        responses={
            200: {
                "content": {
                    "application/json": {"example": example("answer")},
                    "text/event-stream": {"itemSchema": EVENT_SCHEMA, "example": _STREAMED},
                }
            }
        },
    )
    async def answer(asked: AnswerRequest, request: Request) -> Answer | Response:
        """The answer with its receipts.

        With `stream`, server-sent events: a `claim` for every sentence once it is verified, in order, as
        `{"text", "evidence", "receipts", "paragraph"}`, where `receipts` holds the evidence that no sentence before
        it cited; then the `answer`, the same document as without `stream`. If something fails on the way, a
        `problem` (the problem document) ends the stream. A client that leaves ends the work on its answer.
        """
        question = question_of(asked.question, asked.history, asked.as_of, app, settings)
        if asked.stream:
            return EventStream(_events(app, question, request.scope))
        return await unless_gone(request, app.answer(question, "api"))


async def _events(app: App, question: Question, scope: Scope) -> AsyncGenerator[str]:
    try:
        async with aclosing(app.stream(question, "api")) as told:
            async for one in told:
                if isinstance(one, Answer):
                    yield event("answer", one.model_dump_json())
                else:
                    yield event("claim", ClaimEvent.of(one).model_dump_json())
    except Exception as error:  # the status is sent already: whatever went wrong has to be told inside the stream
        yield event("problem", failed(scope, error))
