"""Fetches over REST the liquidations that a stream missed, where the venue still tells them: of these venues, OKX.

Binance has closed its public endpoint of forced orders and Bybit has none, so their gaps stay gaps.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from market.feeds.gaps import Gap
from market.feeds.liquidation import Liquidation, instrument_of, liquidations_of
from market.feeds.reasons import is_known, reason_of
from market.feeds.stream import VenueStream
from market.feeds.venues import Venue, symbol_of

TELLS_AFTERWARDS: frozenset[Venue] = frozenset({"okx"})

_PAGES = 50
"""A gap with more pages of a hundred than these is not filled, and stays a gap."""

_TOLD_FOR = timedelta(days=1)
"""Further back the venue does not promise to tell all."""

_TICK = timedelta(milliseconds=1)

_log = logging.getLogger(__name__)


async def backfilled(
    stream: VenueStream, gap: Gap, assets: Sequence[str], now: datetime
) -> tuple[Gap, Sequence[Liquidation]]:
    """`gap` of a venue that TELLS_AFTERWARDS, with the assets of which every row was fetched, and those rows."""
    filled: list[str] = []
    rows: list[Liquidation] = []
    for asset in assets:
        try:
            found = await _fetched(stream.client, asset, gap, now)
        except Exception as error:
            if not is_known(error):
                raise
            _log.warning("a gap of %s in %s could not be filled: %s", stream.name, asset, reason_of(error))
            continue
        if found is not None:
            filled.append(asset)
            rows += found
    return replace(gap, backfilled=tuple(filled)), rows


async def _fetched(client: Any, asset: str, gap: Gap, now: datetime) -> Sequence[Liquidation] | None:
    """The liquidations of `asset` within the gap, or None if the venue does not tell them all."""
    market = client.markets.get(symbol_of(asset, "perpetual"))
    instrument = instrument_of(market) if market else None
    if instrument is None or now - gap.begins > _TOLD_FOR:
        return None
    rows: list[Liquidation] = []
    oldest = gap.ends + _TICK
    for _ in range(_PAGES):
        # What happened before `after`, newest first; rows of one millisecond may lie on two pages.
        after = str(round((oldest + _TICK).timestamp() * 1_000))
        request = {"instType": "SWAP", "state": "filled", "uly": f"{asset}-USDT", "after": after}
        # ccxt has no name for this endpoint; it is signed, throttled and read as all others are.
        answer = await client.request("public/liquidation-orders", "public", "GET", request)
        told = [message for message in answer["data"] if message.get("instId") == instrument.symbol]
        page = [row for message in told for row in liquidations_of("okx", message, instrument, now)]
        rows += [row for row in page if gap.begins <= row.at <= gap.ends]
        before, oldest = oldest, min((row.at for row in page), default=oldest)
        if oldest < gap.begins or oldest == before:
            return rows
    return None
