"""`POST /v1/answers`: one answer with its receipts, whole or as a stream of verified claims."""

import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import Scope

from rag.answer import Answer
from rag.question import Question
from ui.api.asking import question_of, unless_gone
from ui.api.eventstream import EventStream, event
from ui.api.examples import example
from ui.api.shapes import AnswerRequest
from ui.app import App
from ui.problems import problem_of, status_of, told
from ui.settings import UiSettings

_STREAMED = """event: claim
data: {"text":"Leverage is exposure divided by margin.","evidence":[1]}

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
                    "text/event-stream": {"schema": {"type": "string"}, "example": _STREAMED},
                }
            }
        },
    )
    async def answer(asked: AnswerRequest, request: Request) -> Answer | Response:
        """The answer with its receipts.

        With `stream`, server-sent events: a `claim` for every verified sentence (`{"text", "evidence"}`), in order;
        then the `answer`, the same document as without `stream`, whose `evidence` the claims' numbers point to. If
        something fails on the way, a `problem` (the problem document) stands in its place. A client that leaves
        ends the work on its answer.
        """
        question = question_of(asked.question, asked.history, asked.as_of, app, settings)
        if asked.stream:
            return EventStream(_events(app, question, request.scope))
        return await unless_gone(request, app.answer(question, "api"))


async def _events(app: App, question: Question, scope: Scope) -> AsyncIterator[str]:
    try:
        answer = await app.answer(question, "api")
    except Exception as error:  # the status is sent already: whatever went wrong has to be told inside the stream
        logging.getLogger(__name__).exception("stream of request %s failed", scope["state"]["request_id"])
        yield event("problem", problem_of(scope, status_of(error), told(error)).model_dump_json(exclude_none=True))
        return
    for claim in answer.claims:
        yield event("claim", claim.model_dump_json())
    yield event("answer", answer.model_dump_json())
