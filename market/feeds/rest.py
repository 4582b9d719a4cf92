"""Pulls the rows of one venue over REST through its ccxt clients: candles, funding and open interest, page by page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from market.feeds.live import Row
from market.feeds.venues import TRAITS, Contract, RestClient, Venue, symbol_of

Found = TypeVar("Found")

_HOUR = timedelta(hours=1)
_SAMPLE = timedelta(minutes=5)
_TIMEFRAMES = {60: "1m", 86_400: "1d"}


class RestVenue:
    """One venue. Times given and returned are UTC; what the clients raise goes through."""

    def __init__(self, venue: Venue, clients: Mapping[Contract, RestClient]) -> None:
        self.name = TRAITS[venue].name
        self._traits = TRAITS[venue]
        self._clients = clients

    async def close(self) -> None:
        for client in {id(client): client for client in self._clients.values()}.values():
            await client.close()

    async def candles(
        self, asset: str, contract: Contract, interval: timedelta, since: datetime, until: datetime
    ) -> list[Row]:
        """Candles that open at or after `since` and have closed by `until`."""
        client, symbol = self._clients[contract], symbol_of(asset, contract)
        timeframe = _TIMEFRAMES[int(interval.total_seconds())]
        last = until - interval
        found = await _paged(
            lambda start, end: client.fetch_ohlcv(symbol, timeframe, start, self._traits.candles, {"until": end}),
            since,
            last,
            interval,
            self._traits.candles,
        )
        names = ("ts_utc", "open", "high", "low", "close", "volume")
        return [
            {
                "symbol": symbol,
                "interval_seconds": int(interval.total_seconds()),
                **dict(zip(names, candle, strict=False)),
            }
            for candle in found
            if _milliseconds(since) <= candle[0] <= _milliseconds(last)
        ]

    async def funding(self, asset: str, since: datetime, until: datetime) -> list[Row]:
        """Rates settled in (since, until]; the mark price only where the venue tells it beside the rate."""
        client, symbol = self._clients["perpetual"], symbol_of(asset, "perpetual")
        most = self._traits.funding
        found = await _paged(
            # Some contracts settle every hour, so that a page may be full after so many hours.
            lambda start, end: client.fetch_funding_rate_history(symbol, start, most, {"until": end}),
            since + timedelta(milliseconds=1),
            until,
            _HOUR,
            most,
        )
        return [
            {
                "symbol": symbol,
                "ts_utc": one["timestamp"],
                "funding_rate": one["fundingRate"],
                "mark_price": float(one["info"].get("markPrice") or 0) or None,
            }
            for one in found
        ]

    async def open_interest(self, asset: str, since: datetime, until: datetime) -> list[Row]:
        """Samples of every five minutes in (since, until], in coins and in USD."""
        client, symbol = self._clients["perpetual"], symbol_of(asset, "perpetual")
        most = self._traits.open_interest
        found = await _paged(
            lambda start, end: client.fetch_open_interest_history(symbol, "5m", start, most, {"until": end}),
            since + timedelta(milliseconds=1),
            until,
            _SAMPLE,
            most,
        )
        marks = await self._marks(symbol, found) if any(one["openInterestValue"] is None for one in found) else {}
        rows: list[Row] = []
        for one in found:
            # OKX counts contracts in the amount and tells the coins beside them.
            coins = one.get("baseVolume") or one["openInterestAmount"]
            usd = one["openInterestValue"]
            if usd is None:
                mark = marks.get(one["timestamp"])
                if mark is None:
                    continue
                usd = coins * mark
            rows.append(
                {
                    "symbol": symbol,
                    "ts_utc": one["timestamp"],
                    "open_interest_coins": coins,
                    "open_interest_usd": usd,
                }
            )
        return rows

    async def _marks(self, symbol: str, samples: Sequence[Mapping[str, Any]]) -> Mapping[float, float]:
        """The mark price at each sample's moment, for a venue that tells open interest in coins alone."""
        client = self._clients["perpetual"]
        moments = [datetime.fromtimestamp(one["timestamp"] / 1_000, UTC) for one in samples]
        found = await _paged(
            lambda start, end: client.fetch_ohlcv(
                symbol, "5m", start, self._traits.candles, {"until": end, "price": "mark"}
            ),
            min(moments),
            max(moments),
            _SAMPLE,
            self._traits.candles,
        )
        return {candle[0]: candle[1] for candle in found}


async def _paged(
    fetch: Callable[[int, int], Awaitable[Sequence[Found]]],
    since: datetime,
    until: datetime,
    step: timedelta,
    page: int,
) -> list[Found]:
    """What `fetch` gives from `since` to `until`, both included, asked for in stretches of at most `page` steps.

    Venues disagree whether the end of a stretch belongs to it: it is asked for one millisecond later, and one step
    shorter than a page, so that the page holds it either way. A row at a seam may come twice.
    """
    found: list[Found] = []
    start = since
    while start <= until:
        end = min(until, start + step * (page - 1))
        found += await fetch(_milliseconds(start), _milliseconds(end) + 1)
        start += step * (page - 1)
        if end == until:
            break
    return found


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)
