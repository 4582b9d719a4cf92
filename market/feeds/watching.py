"""Streams the liquidations of every venue into the store, a batch at a time, until it is told to stop."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from market.feeds.backfill import TELLS_AFTERWARDS, backfilled
from market.feeds.backoff import Backoff
from market.feeds.gaps import Gap
from market.feeds.keeping import keep
from market.feeds.liquidation import Liquidation
from market.feeds.states import FeedState, read_states
from market.feeds.stream import VenueStream
from market.feeds.syncing import require_live
from market.settings import MarketSettings
from market.store import AnyStore

_GATHERED_SECONDS = 1.0
"""What comes within a second is written together."""

_STATE_EVERY = timedelta(seconds=30)
"""How often it is written down that a stream was heard: so much too long is the gap that a killed process leaves."""


class Watching:
    """The streams of the settings' venues, writing into `store`; `new` counts the rows that it did not have.

    Raises LiveDataOff where the settings forbid live data.
    """

    def __init__(
        self, store: AnyStore, settings: MarketSettings, wall: Callable[[], datetime], backoff: Backoff
    ) -> None:
        require_live(settings)
        self.new = 0
        self._store = store
        self._assets = settings.assets
        self._wall = wall
        self._states = read_states(store)
        self.streams = [VenueStream(venue, settings, wall, backoff) for venue in settings.venues]
        for stream in self.streams:
            before = self._states.get(_feed_name(stream))
            stream.covered = before.answered if before else None
        self._rows: list[Liquidation] = []
        self._gaps: list[Gap] = []
        self._filling: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Streams until it is cancelled; what was heard until then is written."""
        listening = [asyncio.create_task(stream.run()) for stream in self.streams]
        try:
            while True:
                done, _ = await asyncio.wait([*listening, *self._filling], timeout=_GATHERED_SECONDS)
                for ended in done:
                    ended.result()
                self._filling -= done
                await self._keep()
        finally:
            ending = [*listening, *self._filling]
            for one in ending:
                one.cancel()
            await asyncio.gather(*ending, return_exceptions=True)
            await self._keep()

    def told(self) -> str:
        """How the streams are doing, in one line."""
        parts = [f"{stream.name} {_condition(stream)}" for stream in self.streams]
        left_out = sum(stream.malformed for stream in self.streams)
        return f"{self.new:,} new liquidations; {', '.join(parts)}" + (f"; {left_out:,} left out" if left_out else "")

    async def _keep(self) -> None:
        for stream in self.streams:
            heard = stream.take()
            self._rows += heard.rows
            # A gap is written down at once, and again when what could be fetched of it is there.
            self._gaps += heard.gaps
            for gap in heard.gaps if stream.venue in TELLS_AFTERWARDS else ():
                self._filling.add(asyncio.create_task(self._fill(stream, gap)))
        states = [self._state(stream) for stream in self.streams]
        if self._rows or self._gaps or any(self._is_news(state) for state in states):
            rows, gaps = list(self._rows), list(self._gaps)
            merged = await asyncio.to_thread(keep, self._store, rows, gaps, states)
            self.new += merged.new
            self._rows, self._gaps = self._rows[len(rows) :], self._gaps[len(gaps) :]
            self._states.update({state.name: state for state in states})

    async def _fill(self, stream: VenueStream, gap: Gap) -> None:
        filled, rows = await backfilled(stream, gap, self._assets, self._wall())
        self._gaps.append(filled)
        self._rows += rows

    def _state(self, stream: VenueStream) -> FeedState:
        before = self._states.get(_feed_name(stream))
        known = [row.at for row in self._rows if row.exchange == stream.name]
        if before is not None and before.newest is not None:
            known.append(before.newest)
        return FeedState(
            name=_feed_name(stream),
            kind="liquidations",
            asset=None,
            source=stream.name,
            checked=self._wall(),
            answered=stream.covered,
            newest=max(known, default=None),
            error=stream.error,
            malformed=stream.malformed,
        )

    def _is_news(self, state: FeedState) -> bool:
        before = self._states.get(state.name)
        return (
            before is None
            or (before.error, before.malformed) != (state.error, state.malformed)
            or state.checked - before.checked >= _STATE_EVERY
        )


def _feed_name(stream: VenueStream) -> str:
    return f"liquidations {stream.name}"


def _condition(stream: VenueStream) -> str:
    if stream.error is not None:
        return f"broken ({stream.error})"
    return f"{stream.rows:,}" if stream.listening else "connecting"
