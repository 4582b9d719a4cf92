"""What happens in the chat: a question is answered, a conversation goes on, is left, comes back or is forgotten."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from market.errors import InvalidInput
from market.moments import moment_of
from market.replay import Replay
from rag.errors import RagError
from rag.question import Question
from rag.streaming import Said
from ui.app import App
from ui.chat.notebook import Notebook
from ui.chat.strip import market_strip
from ui.chat.turns import conversation, turn_failed, turn_under_way
from ui.chat.welcome import welcome
from ui.errors import FeedbackOff, UnknownAnswer
from ui.pages.rendering import render
from ui.pages.replay import restored

Updates = tuple[Any, ...]
"""One value for each output of the page that a handler is wired to; `gr.skip()` leaves one as it is."""


class Chat:
    """The chat over one app. Its methods are the handlers of the page; `wall` gives the real time."""

    def __init__(self, app: App, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._app = app
        self._wall = wall

    async def respond(self, text: str, notebook: Notebook, replay: Replay | None) -> AsyncIterator[Updates]:
        """Turns told, turn under way, box, notebook, what the browser keeps of it, and the list of earlier ones."""
        if not text.strip():
            yield (gr.skip(),) * 6
            return
        told = conversation(notebook.answers, self._app.market, offering=False)
        yield told, str(turn_under_way(text)), waiting(), *(gr.skip(),) * 3
        try:
            limit = self._app.rag_settings.question_limit
            asked = Question.ask(text, notebook.turns, self._moment(replay), limit)
            async with aclosing(self._app.stream(asked, "chat")) as stream:
                said: list[Said] = []
                async for one in stream:
                    if isinstance(one, Said):
                        said.append(one)
                        yield gr.skip(), str(turn_under_way(text, said)), *(gr.skip(),) * 4
                        continue
                    grown = notebook.adding(one)
                    yield self.told(grown), "", ready(), grown, grown.model_dump(mode="json"), earlier(grown)
        except RagError as error:
            yield self.told(notebook), str(turn_failed(text, f"{error}.")), ready(), *(gr.skip(),) * 3

    async def open(self, kept: object, kept_replay: object, request: gr.Request) -> AsyncIterator[Updates]:
        """As `respond`, then the replay and the strip: what the browser kept, and the question its address asks."""
        notebook, replay = Notebook.restored(kept), restored(kept_replay)
        asked = request.query_params.get("q", "")
        pinned = _moment_of(request.query_params.get("as_of"))
        replay = Replay(at=pinned) if pinned else replay
        notebook = notebook.closed() if asked else notebook
        yield self.told(notebook), "", ready(), notebook, gr.skip(), earlier(notebook), replay, self.strip(replay)
        async for updates in self.respond(asked, notebook, replay):
            yield (*updates, gr.skip(), gr.skip())

    def stopped(self, asked: str, notebook: Notebook) -> Updates:
        """Turns told, turn under way, box: after the answer to `asked` was stopped, which may be put better now."""
        return self.told(notebook), "", gr.Textbox(value=asked, submit_btn="Ask", stop_btn=False)

    def fresh(self, notebook: Notebook) -> Updates:
        """Turns told, turn under way, box, notebook, what is kept, earlier ones: with a new conversation begun."""
        return self._turned(notebook.closed())

    def reopen(self, notebook: Notebook, event: gr.EventData) -> Updates:
        return self._turned(notebook.reopened(int(event.number)))

    def forget(self, notebook: Notebook) -> Updates:
        return self._turned(notebook.without_earlier())

    async def rate(self, event: gr.EventData) -> None:
        """Keeps a thumb with its reason where the API keeps them, and says whether it did."""
        try:
            await asyncio.to_thread(self._app.rate, str(event.answer), event.rating, str(event.comment) or None)
        except (FeedbackOff, UnknownAnswer) as error:
            gr.Warning(f"Your feedback was not kept: {error}.")
        else:
            gr.Info("Thank you, your feedback was kept.")

    def release(self) -> Updates:
        """Replay, what the browser keeps of it, and the strip: back at the clock's own now."""
        return None, None, self.strip(None)

    def told(self, notebook: Notebook) -> str:
        """The open conversation, or the first screen where there is none."""
        return conversation(notebook.answers, self._app.market) or welcome(self._app)

    def strip(self, replay: Replay | None) -> str:
        return market_strip(self._app.market, self._moment(replay))

    def _turned(self, notebook: Notebook) -> Updates:
        return self.told(notebook), "", ready(), notebook, notebook.model_dump(mode="json"), earlier(notebook)

    def _moment(self, replay: Replay | None) -> datetime | None:
        return replay.moment(self._wall()) if replay else None


def earlier(notebook: Notebook) -> str:
    """The conversations before the open one, and the way to a new one."""
    return str(render("earlier.html", conversations=notebook.earlier, started=bool(notebook.answers)))


def asked_by(event: gr.EventData) -> str:
    """The question on the button that was pressed."""
    return str(event.question)


def waiting() -> Any:
    """The box while an answer is being made: emptied, with a way to stop it."""
    return gr.Textbox(value="", submit_btn=False, stop_btn="Stop")


def ready() -> Any:
    """The box when a question can be asked."""
    return gr.Textbox(submit_btn="Ask", stop_btn=False)


def _moment_of(text: str | None) -> datetime | None:
    """The moment an address names; one that cannot be read pins nothing."""
    try:
        return moment_of(text) if text else None
    except InvalidInput:
        return None
