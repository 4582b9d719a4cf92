"""An app whose answers wait until they are let go, so that nothing in a test depends on how fast answers are."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from langchain_core.runnables import RunnableLambda

from rag.question import Question
from rag.streaming import Said, Streaming
from rag.trace import Explained
from ui.app import App
from ui.telemetry import Telemetry


@dataclass
class Held:
    """An app, and what becomes of its answers: `waiting` once one is held, `freed` once its work was ended."""

    app: App
    waiting: threading.Event = field(default_factory=threading.Event)
    freed: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    async def hold(self, question: Question) -> Question:
        self.waiting.set()
        try:
            while not self.let_go.is_set():
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            self.freed.set()
            raise
        return question


@contextmanager
def holding(app: App, after_sentences: int = 0) -> Iterator[Held]:
    """Holds whole answers at a stage put before the real chain, and streamed ones after so many sentences."""
    held = Held(app)

    class HeldStreaming(Streaming):
        def __init__(self) -> None:
            """Streams what the app streams."""

        async def __call__(self, question: Question) -> AsyncGenerator[Said | Explained]:
            told = 0
            async for one in app.streaming(question):
                if told == after_sentences:
                    await held.hold(question)
                yield one
                told += 1

    chain = RunnableLambda(held.hold, name="hold") | app.explaining
    held.app = replace(app, explaining=chain, streaming=HeldStreaming(), telemetry=Telemetry())
    try:
        yield held
    finally:
        held.let_go.set()


def until(found: Callable[[], bool]) -> None:
    """Waits until it is so, for a minute at most."""
    for _ in range(3_000):
        if found():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about")
