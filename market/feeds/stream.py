"""Listens to one venue's liquidations for ever: connects, subscribes, and after every break connects again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from market.errors import FeedFailed, MalformedMessage
from market.feeds.backoff import Backoff
from market.feeds.ear import Ear, listening_client
from market.feeds.gaps import Gap
from market.feeds.liquidation import Liquidation, instrument_of, liquidations_of
from market.feeds.reasons import is_known, reason_of
from market.feeds.venues import TRAITS, Venue, symbol_of
from market.settings import MarketSettings

_log = logging.getLogger(__name__)

Topic = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Heard:
    """What a stream took in since it was last asked."""

    rows: Sequence[Liquidation]
    gaps: Sequence[Gap]


class VenueStream:
    """One venue. `covered` is the last moment anything was heard, from which a gap is counted after a break.

    `error` is why the stream is broken, and None while it is not; `breaks` counts how often it broke, `rows` what came.
    """

    def __init__(self, venue: Venue, settings: MarketSettings, wall: Callable[[], datetime], backoff: Backoff) -> None:
        self.venue: Venue = venue
        self.name = TRAITS[venue].name
        self.covered: datetime | None = None
        self.error: str | None = None
        self.breaks = 0
        self.rows = 0
        self._assets = settings.assets
        self._ear = Ear(wall, self._alive)
        self._gateway = None if settings.gateway is None else str(settings.gateway)
        self._client = self._new_client()
        self._markets: Mapping[object, Mapping[str, object]] = {}
        self._backoff = backoff
        self._failures = 0
        self._anew = True
        self._gaps: list[Gap] = []

    @property
    def listening(self) -> bool:
        """Whether the present connection has been heard."""
        return not self._anew

    @property
    def malformed(self) -> int:
        """How many messages could not be understood."""
        return self._ear.malformed

    @property
    def client(self) -> Any:
        """The ccxt client, to fetch over REST what a gap has swallowed."""
        return self._client

    async def run(self) -> None:
        """Listens until it is cancelled; a break is told in `error` and mended after a growing pause."""
        while True:
            try:
                await self._listen()
            except Exception as error:
                if not is_known(error):
                    raise
                self._broke(error)
            finally:
                await self._client.close()
            await asyncio.sleep(self._backoff.seconds(self._failures))
            # A client that was closed does not open again.
            self._client, self._anew = self._new_client(), True

    def _new_client(self) -> Any:
        return listening_client(TRAITS[self.venue].clients["perpetual"], self._gateway, self._ear)

    def take(self) -> Heard:
        """The liquidations and gaps since the last time, in the order they came."""
        rows: list[Liquidation] = []
        for received, message in self._ear.take():
            try:
                rows += self._read(message, received)
            except MalformedMessage as error:
                self._ear.refuse(error)
        self.rows += len(rows)
        gaps, self._gaps = self._gaps, []
        return Heard(rows, gaps)

    async def _listen(self) -> None:
        # Kept beyond the connection: what it heard last is read after it has broken.
        self._markets = await self._client.load_markets()
        following = [asyncio.ensure_future(_followed(topic)) for topic in self._topics()]
        try:
            await asyncio.gather(*following)
        finally:
            for one in following:
                one.cancel()
            await asyncio.gather(*following, return_exceptions=True)

    def _topics(self) -> Sequence[Topic]:
        """What is subscribed to: every perpetual where the venue has such a stream, else those of the assets."""
        client = self._client
        if self.venue == "binance":
            return [lambda: client.watch_liquidations_for_symbols([])]
        if self.venue == "okx":
            return [lambda: client.watch_liquidations_for_symbols(None, None, None, {"type": "swap"})]
        listed = [symbol for asset in self._assets if (symbol := symbol_of(asset, "perpetual")) in self._markets]
        if not listed:
            raise FeedFailed(f"{self.name} lists no contract of {', '.join(self._assets)}")
        return [partial(client.watch_liquidations, symbol) for symbol in listed]

    def _alive(self, now: datetime) -> None:
        if self._anew:
            self._anew, self._failures, self.error = False, 0, None
            if self.covered is not None and self.covered < now:
                self._gaps.append(Gap(self.name, self.covered, now))
        self.covered = now

    def _broke(self, error: Exception) -> None:
        self._failures += 1
        self.breaks += 1
        self.error = reason_of(error)
        _log.warning("the liquidation stream of %s broke: %s %s", self.name, self.name, self.error)

    def _read(self, message: object, received: datetime) -> Sequence[Liquidation]:
        info = message.get("info") if isinstance(message, Mapping) else None
        if not isinstance(info, Mapping):
            raise MalformedMessage(f"a liquidation without its raw message: {message!r:.120}")
        symbol = message["symbol"] if isinstance(message, Mapping) else ""
        market = self._markets.get(symbol)
        if market is None:
            raise MalformedMessage(f"a liquidation of a contract that {self.name} does not list: {symbol!r}")
        instrument = instrument_of(market)
        return [] if instrument is None else liquidations_of(self.venue, info, instrument, received)


async def _followed(topic: Topic) -> None:
    """Keeps a subscription: each call returns with the next message, which the ear has caught by then."""
    while True:
        await topic()
