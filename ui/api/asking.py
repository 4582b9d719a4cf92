"""From a request to a checked question, and from a question to its answer for as long as somebody waits for it."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from fastapi import Request

from rag.errors import QuestionInvalid
from rag.question import Question, Turn
from ui.app import App
from ui.errors import ClientGone
from ui.settings import UiSettings

Result = TypeVar("Result")


def question_of(text: str, history: Sequence[Turn], as_of: datetime | None, app: App, settings: UiSettings) -> Question:
    """The question as the chain takes it. Raises QuestionInvalid if it or its history is too long or empty."""
    if len(history) > settings.history_turns:
        raise QuestionInvalid(
            f"the history has {len(history)} turns, more than {settings.history_turns}; send the last ones"
        )
    characters = sum(len(turn.content) for turn in history)
    if characters > settings.history_characters:
        raise QuestionInvalid(
            f"the history has {characters} characters, more than {settings.history_characters}; send the last turns"
        )
    return Question.ask(text, history, as_of, app.rag_settings.question_limit)


async def unless_gone(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` gives; it is cancelled, and ClientGone raised, when the client leaves before."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
