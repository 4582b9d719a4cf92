"""Server-sent events: how each is written, and a sign of life while a slow answer is made.

The work behind a stream ends with it: when the client leaves, the iterator is cancelled where it stands.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from fastapi.responses import StreamingResponse

_QUIET_SECONDS = 15.0
"""After so long without an event a comment is sent; proxies cut connections that are silent for a minute."""

_SIGN_OF_LIFE = ": still at work\n\n"


EVENT_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
"""One event as the API's description tells it; `data` is JSON."""


class EventStream(StreamingResponse):
    """Sends the texts of `events`, each already written as an event."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[str], quiet_seconds: float = _QUIET_SECONDS) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(_kept_alive(events, quiet_seconds), headers=headers)


def event(name: str, data: str) -> str:
    """One named event with one line of JSON."""
    return f"event: {name}\ndata: {data}\n\n"


def unnamed(data: str) -> str:
    """One event without a name, as OpenAI sends them."""
    return f"data: {data}\n\n"


async def _kept_alive(events: AsyncGenerator[str], quiet_seconds: float) -> AsyncIterator[str]:
    coming: asyncio.Queue[str | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async with aclosing(events):
                async for text in events:
                    coming.put_nowait(text)
        finally:
            coming.put_nowait(None)

    # A task of its own, which is cancelled where it stands: in the midst of the work or between two events.
    pumping = asyncio.create_task(pump())
    try:
        while True:
            try:
                text = await asyncio.wait_for(coming.get(), quiet_seconds)
            except TimeoutError:
                yield _SIGN_OF_LIFE
                continue
            if text is None:
                return
            yield text
    finally:
        pumping.cancel()
