"""Asks for the rows of a feed: several venues in order, the first that answers, each patiently and within limits."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from market.errors import FeedFailed
from market.feeds.backoff import Backoff
from market.feeds.feed import DAY, FUNDING_REACH, MINUTE, OPEN_INTEREST_REACH, REACH, Feed
from market.feeds.indices import FEAR_AND_GREED, MARKET_CAP, Indices
from market.feeds.live import Pulled, Row, checked
from market.feeds.reasons import is_known, may_pass, reason_of
from market.feeds.rest import RestVenue
from market.feeds.venues import Contract, Venue, rest_clients, symbol_of
from market.settings import MarketSettings
from market.tables import Kind

_ATTEMPTS = 3

Ask = Callable[[], Awaitable[list[Row]]]


class Newest(Protocol):
    """Tells the `ts_utc` of the newest live row of a series, or None."""

    def __call__(
        self, kind: Kind, source: str, symbol: str | None = None, interval: timedelta | None = None
    ) -> datetime | None: ...


class Sources:
    """The venues in the order they are asked, and the indices. To be closed after use."""

    def __init__(self, venues: Sequence[Venue], gateway: str | None, backoff: Backoff) -> None:
        self._venues = [RestVenue(venue, rest_clients(venue, gateway)) for venue in venues]
        self._indices = Indices(gateway)
        self._backoff = backoff
        self._unreachable: dict[str, str] = {}

    @classmethod
    def of(cls, settings: MarketSettings, backoff: Backoff) -> "Sources":
        gateway = None if settings.gateway is None else str(settings.gateway)
        return cls(settings.venues, gateway, backoff)

    async def __aenter__(self) -> "Sources":
        return self

    async def __aexit__(self, *_: object) -> None:
        for venue in self._venues:
            await venue.close()
        await self._indices.close()

    def begin(self) -> None:
        """Forgets which venues could not be reached, so that each is tried anew."""
        self._unreachable.clear()

    async def pull(self, feed: Feed, newest: Newest, now: datetime) -> Pulled:
        """What is missing of `feed`. Raises FeedFailed with everyone's reason if nobody answers."""
        if feed.kind == "sentiment":
            since = newest("sentiment", FEAR_AND_GREED)
            asked: Sequence[tuple[str, Ask]] = [(FEAR_AND_GREED, lambda: self._indices.fear_and_greed(since, now))]
        elif feed.kind == "market_cap":
            asked = [(MARKET_CAP, self._indices.market_cap)]
        else:
            asked = [(venue.name, _ask(venue, feed, newest, now)) for venue in self._venues]
        reasons = []
        for name, ask in asked:
            # A venue's spot and perpetual markets may stand on servers of their own.
            server = f"{name} {feed.contract}"
            reason = self._unreachable.get(server)
            if reason is None:
                try:
                    return checked(feed.kind, name, await self._patiently(ask))
                except Exception as error:
                    if not is_known(error):
                        raise
                    reason = reason_of(error)
                    if may_pass(error):
                        self._unreachable[server] = reason
            reasons.append(f"{name} {reason}")
        raise FeedFailed("; ".join(reasons))

    async def _patiently(self, ask: Ask) -> list[Row]:
        """Asks again a few times, after longer and longer pauses, where that may help."""
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        asking = AsyncRetrying(
            retry=retry_if_exception(may_pass),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=lambda state: self._backoff.seconds(state.attempt_number),
            reraise=True,
        )
        rows: list[Row] = []
        async for attempt in asking:
            with attempt:
                rows = await ask()
        return rows


def _ask(venue: RestVenue, feed: Feed, newest: Newest, now: datetime) -> Ask:
    """How `venue` is asked for what is missing of `feed`."""
    asset, contract = feed.asset or "", feed.contract or "spot"
    symbol = symbol_of(asset, contract)
    if feed.kind == "candles":
        since = {
            interval: last + interval if (last := newest("candles", venue.name, symbol, interval)) else now - reach
            for interval, reach in REACH.items()
        }
        return lambda: _candles(venue, asset, contract, since, now)
    last = newest(feed.kind, venue.name, symbol)
    if feed.kind == "funding":
        return lambda: venue.funding(asset, last or now - FUNDING_REACH, now)
    return lambda: venue.open_interest(asset, last or now - OPEN_INTEREST_REACH, now)


async def _candles(
    venue: RestVenue, asset: str, contract: Contract, since: dict[timedelta, datetime], now: datetime
) -> list[Row]:
    days = await venue.candles(asset, contract, DAY, since[DAY], now)
    return [*days, *await venue.candles(asset, contract, MINUTE, since[MINUTE], now)]
