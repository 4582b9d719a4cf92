"""Between a ccxt streaming client and whoever listens: catches each liquidation, each sign of life, each bad frame.

ccxt announces one liquidation of a frame that may hold many, and its receive loop ends without a word when a frame
makes it raise; both are mended here.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from market.feeds.venues import configured, exchange_class

_log = logging.getLogger(__name__)

Caught = tuple[datetime, object]
"""When a message was received, and what ccxt made of it."""


class Ear:
    """What was heard since it was last asked. `heard` is told of every frame, with the moment it came."""

    def __init__(self, wall: Callable[[], datetime], heard: Callable[[datetime], None]) -> None:
        self._wall = wall
        self._heard = heard
        self._caught: list[Caught] = []
        self.malformed = 0

    def append(self, message: object) -> None:
        """Called by ccxt for each liquidation, in the place of its own cache."""
        self._caught.append((self._wall(), message))

    def take(self) -> list[Caught]:
        """The messages caught since the last time."""
        caught, self._caught = self._caught, []
        return caught

    def refuse(self, reason: object) -> None:
        """Counts and logs a message that cannot be understood."""
        self.malformed += 1
        _log.warning("a message was left out: %s", str(reason)[:200])

    def guarded(self, handle: Callable[[Any], None]) -> Callable[[Any], None]:
        """`handle`, a connection's way with one frame, made so that no frame ends the connection."""
        from aiohttp import WSMsgType

        alive = {WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG}

        def handled(frame: Any) -> None:
            if frame.type in alive:
                self._heard(self._wall())
            try:
                handle(frame)
            except Exception as error:
                # Whatever a parser that is not ours stumbles over: the next frame is none the worse for it.
                self.refuse(f"{type(error).__name__}: {error}; {frame.data!r:.120}")

        return handled


def listening_client(client: str, gateway: str | None, ear: Ear) -> Any:
    """A ccxt client whose liquidations and frames go through `ear`."""
    made = configured(exchange_class(client), client, gateway)
    connection_to = made.client

    def guarded_connection_to(url: str) -> Any:
        known = url in (made.clients or {})
        connection = connection_to(url)
        if not known:
            connection.handle_message = ear.guarded(connection.handle_message)
        return connection

    made.client = guarded_connection_to
    made.liquidations = ear
    return made
