"""Pulls and streams live data from a thread of its own, beside a server that answers from the same store."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from threading import Event, Thread

from market.feeds.backoff import Backoff
from market.feeds.feed import feeds_of
from market.feeds.sources import Sources
from market.feeds.syncing import Syncing
from market.feeds.watching import Watching
from market.settings import MarketSettings
from market.store import AnyStore

_SECONDS_TO_END = 10

_log = logging.getLogger(__name__)


class Background:
    """Runs while the block does: pulls every feed, rests, pulls again, and streams liquidations all the while."""

    def __init__(
        self, store: AnyStore, settings: MarketSettings, wall: Callable[[], datetime], backoff: Backoff
    ) -> None:
        self._store = store
        self._settings = settings
        self._wall = wall
        self._backoff = backoff
        self._stop: Callable[[], object] = lambda: None
        self._begun = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run()), name="live data", daemon=True)

    def __enter__(self) -> "Background":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._begun.wait(_SECONDS_TO_END)
        self._stop()
        self._thread.join(_SECONDS_TO_END)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        self._stop = lambda: loop.call_soon_threadsafe(stopped.set)
        self._begun.set()
        works = [
            asyncio.create_task(self._again("pulling live data", self._pull)),
            asyncio.create_task(self._again("streaming liquidations", self._stream)),
        ]
        await stopped.wait()
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    async def _pull(self) -> None:
        feeds = feeds_of(self._settings.assets)
        async with Sources.of(self._settings, self._backoff) as sources:
            syncing = Syncing(self._store, sources, self._wall)
            while True:
                async for report in syncing.pull(feeds):
                    if report.error is not None:
                        _log.info("%s", report.told(self._wall()))
                await asyncio.sleep(self._settings.pull_every.total_seconds())

    async def _stream(self) -> None:
        await Watching(self._store, self._settings, self._wall, self._backoff).run()

    async def _again(self, doing: str, work: Callable[[], Awaitable[None]]) -> None:
        """Starts `work` anew whenever it fails: the server answers without it meanwhile, and nobody else is told."""
        failures = 0
        while True:
            try:
                await work()
            except Exception:
                failures += 1
                _log.exception("%s failed; it is started again", doing)
                await asyncio.sleep(self._backoff.seconds(failures))
