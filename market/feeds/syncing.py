"""Pulls feeds: what is missing since the last row, written whole or not at all, with a report of what became of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from market.errors import FeedFailed, LiveDataOff
from market.feeds.backoff import Backoff
from market.feeds.feed import Feed, FeedReport, feeds_of
from market.feeds.live import Pulled, write_pulled
from market.feeds.sources import Sources
from market.feeds.states import FeedState, read_states, write_states
from market.series import Catalog
from market.settings import MarketSettings
from market.store import AnyStore
from market.tables import Kind


async def pull_once(
    store: AnyStore, settings: MarketSettings, wall: Callable[[], datetime], random: Random
) -> AsyncIterator[FeedReport]:
    """Pulls every feed of the settings once. Raises LiveDataOff where they forbid it."""
    require_live(settings)
    async with Sources.of(settings, Backoff(random)) as sources:
        async for report in Syncing(store, sources, wall).pull(feeds_of(settings.assets)):
            yield report


def require_live(settings: MarketSettings) -> None:
    """Raises LiveDataOff where the settings forbid live data."""
    if not settings.live:
        raise LiveDataOff("live data are turned off by MARKET_PULSE_MARKET_LIVE; unset it to pull or stream them")


def require_an_answer(reports: Sequence[FeedReport]) -> None:
    """Raises FeedFailed if no feed at all answered."""
    if all(report.error is not None for report in reports):
        reasons = dict.fromkeys(str(report.error) for report in reports)
        raise FeedFailed(f"no live feed answered ({next(iter(reasons))}); check the network, then try again")


class Syncing:
    """Brings `store` up to the present, as `wall` tells it. One pull at a time."""

    def __init__(self, store: AnyStore, sources: Sources, wall: Callable[[], datetime]) -> None:
        self._store = store
        self._catalog = Catalog(store)
        self._sources = sources
        self._wall = wall

    async def pull(self, feeds: Sequence[Feed]) -> AsyncIterator[FeedReport]:
        """Pulls `feeds` in turn; the report of each comes when it is written. A feed that fails stops no other."""
        self._sources.begin()
        for feed in feeds:
            now = self._wall()
            try:
                pulled = await self._sources.pull(feed, self._newest, now)
            except FeedFailed as failure:
                yield await asyncio.to_thread(self._failed, feed, str(failure), now)
            else:
                yield await asyncio.to_thread(self._kept, feed, pulled, now)

    def _kept(self, feed: Feed, pulled: Pulled, now: datetime) -> FeedReport:
        """Rows and state in one transaction."""
        before = read_states(self._store).get(feed.name)
        known = [moment for moment in (before.newest if before else None, pulled.newest) if moment is not None]
        newest = max(known, default=None)
        state = FeedState(
            name=feed.name,
            kind=feed.kind,
            asset=feed.asset,
            source=pulled.source,
            checked=now,
            answered=now,
            newest=newest,
        )
        with self._store.staging() as staging:
            merged = write_pulled(staging, feed.kind, pulled)
            write_states(staging, [state])
        return FeedReport(
            name=feed.name, source=pulled.source, new=merged.new, changed=merged.changed, newest=newest, error=None
        )

    def _failed(self, feed: Feed, error: str, now: datetime) -> FeedReport:
        before = read_states(self._store).get(feed.name)
        state = FeedState(
            name=feed.name,
            kind=feed.kind,
            asset=feed.asset,
            source=before.source if before else None,
            checked=now,
            answered=before.answered if before else None,
            newest=before.newest if before else None,
            error=error,
        )
        with self._store.staging() as staging:
            write_states(staging, [state])
        return FeedReport(name=feed.name, source=None, new=0, changed=0, newest=state.newest, error=error)

    def _newest(
        self, kind: Kind, source: str, symbol: str | None = None, interval: timedelta | None = None
    ) -> datetime | None:
        """The `ts_utc` of the newest live row of a series."""
        known = [
            one.last - one.lag
            for one in self._catalog.series(kind)
            if (one.mode, one.source, one.symbol, one.interval) == ("live", source, symbol, interval)
        ]
        return max(known, default=None)
