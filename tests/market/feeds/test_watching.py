"""Recorded frames flow from a server on this machine through the real streaming clients into the store."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from market.feeds.backoff import Backoff
from market.feeds.keeping import SOURCE, keep
from market.feeds.liquidation import Liquidation
from market.feeds.states import read_states
from market.feeds.venues import TRAITS, Venue
from market.feeds.watching import Watching
from market.market import Market
from market.query import Row
from market.settings import MarketSettings
from market.tables import record, table
from tests.market.feeds.local_venues import LocalVenues, Script

NOW = datetime(2026, 10, 9, 17, 7, tzinfo=UTC)
EVENT = datetime(2026, 10, 9, 17, 6, 40, tzinfo=UTC)
"""The recorded frames are of the twenty seconds from here on."""


@dataclass(frozen=True)
class Recorded:
    """A venue's stream on the server, its frame, frames that are none of liquidations, and the rows that are due."""

    host: str
    frame: str
    control: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@pytest.fixture
def venues(shared: Path) -> Iterator[LocalVenues]:
    with LocalVenues(shared, 0).running() as local:
        yield local


@pytest.fixture(params=["binance", "bybit", "okx"])
def venue(request: pytest.FixtureRequest) -> Venue:
    found: Venue = request.param
    return found


@pytest.fixture
def recorded(venue: Venue, venues: LocalVenues) -> Recorded:
    if venue == "binance":
        return Recorded(
            "fstream.binance.com",
            venues.recorded("binance_futures.liquidation")[1],
            ('{"result":null,"id":1}',),
            (("Binance", "BTCUSDT", "BTC", "long", 82_651.9, 0.19, 15_703.86),),
        )
    if venue == "bybit":
        return Recorded(
            "stream.bybit.com",
            venues.recorded("bybit.liquidation")[3],
            tuple(venues.recorded("bybit.control")),
            (
                ("Bybit", "BTCUSDT", "BTC", "long", 82_394.3, 0.038, 3_130.98),
                ("Bybit", "BTCUSDT", "BTC", "long", 82_396.9, 0.006, 494.38),
            ),
        )
    return Recorded(
        "ws.okx.com:443",
        venues.recorded("okx.liquidation")[3],
        tuple(venues.recorded("okx.control")),
        (("OKX", "BTC-USDT-SWAP", "BTC", "long", 82_655.7, 0.0855, 7_067.06),),
    )


def test_recorded_frames_are_stored_with_side_quantity_and_value(
    venue: Venue, recorded: Recorded, venues: LocalVenues, market: Market
) -> None:
    venues.streams[recorded.host] = Script([[*recorded.control, recorded.frame, recorded.frame]])
    watching = watched(venue, venues, market, until=lambda now: now.new >= len(recorded.rows))
    assert cells(market) == list(recorded.rows)
    assert (watching.new, watching.streams[0].malformed, watching.streams[0].error) == (len(recorded.rows), 0, None)
    for row in live(market):
        assert row["received_utc"] == NOW.replace(tzinfo=None)
        assert timedelta(0) <= moment(row["ts_utc"]) - EVENT.replace(tzinfo=None) <= timedelta(seconds=20)
    assert "BTC" in venues.streams[recorded.host].subscriptions[0] or venue != "bybit"
    state = read_states(market.store)[f"liquidations {TRAITS[venue].name}"]
    assert (state.error, state.answered, state.malformed) == (None, NOW, 0)


def test_a_connection_dropped_in_the_middle_loses_nothing_that_is_sent_again(
    venue: Venue, recorded: Recorded, venues: LocalVenues, market: Market
) -> None:
    later = recorded.frame.replace("17915656", "17915657")
    venues.streams[recorded.host] = Script([[recorded.frame], [later, recorded.frame]])
    venues.answers["www.okx.com/api/v5/public/liquidation-orders"] = {"code": "0", "msg": "", "data": []}
    filled = "BTC" if venue == "okx" else ""

    def whole(now: Watching) -> bool:
        return now.new >= 2 * len(recorded.rows) and [gap["backfilled"] for gap in gaps(market)] == [filled]

    watching = watched(venue, venues, market, until=whole, ticking=True)
    assert watching.streams[0].breaks >= 1
    assert cells(market) == sorted([*recorded.rows, *recorded.rows], key=str)
    (gap,) = gaps(market)
    assert gap["exchange"] == TRAITS[venue].name
    assert moment(gap["begins_utc"]) < moment(gap["ends_utc"])


def test_frames_that_cannot_be_understood_are_counted_and_the_stream_goes_on(
    venue: Venue, recorded: Recorded, venues: LocalVenues, market: Market
) -> None:
    wrong = recorded.frame.replace('"ap":"82651.90"', '"ap":"?"').replace('"p":"82396.90"', '"p":"0"')
    wrong = wrong.replace('"bkPx":"82655.7"', '"bkPx":""')
    assert wrong != recorded.frame
    unlisted = recorded.frame.replace("BTCUSDT", "QQQUSDT").replace("BTC-USDT-SWAP", "QQQ-USDT-SWAP")
    frames = ['{"broken', wrong, unlisted, recorded.frame]
    venues.streams[recorded.host] = Script([frames])
    watching = watched(venue, venues, market, until=lambda now: now.new >= len(recorded.rows))
    assert set(cells(market)) == set(recorded.rows)
    assert watching.streams[0].malformed == 2 + len(recorded.rows)
    assert watching.streams[0].breaks == 0
    assert f"{watching.streams[0].malformed} left out" in watching.told()


def test_what_a_gap_swallowed_is_fetched_where_the_venue_still_tells_it(venues: LocalVenues, market: Market) -> None:
    missed = {"bkLoss": "0", "bkPx": "82000", "ccy": "", "posSide": "short", "side": "buy", "sz": "100"}
    at = round((NOW - timedelta(minutes=5)).timestamp() * 1_000)
    told = {"details": [{**missed, "ts": str(at)}], "instId": "BTC-USDT-SWAP", "instType": "SWAP", "uly": "BTC-USDT"}
    venues.answers["www.okx.com/api/v5/public/liquidation-orders"] = {"code": "0", "msg": "", "data": [told]}
    venues.streams["ws.okx.com:443"] = Script([venues.recorded("okx.control")])
    watched("okx", venues, market, until=lambda now: now.streams[0].listening)
    market_state(market, NOW - timedelta(minutes=10))
    watched("okx", venues, market, until=lambda now: now.new > 0)
    assert cells(market) == [("OKX", "BTC-USDT-SWAP", "BTC", "short", 82_000.0, 1.0, 82_000.0)]
    (gap,) = gaps(market)
    assert (moment(gap["begins_utc"]), gap["backfilled"]) == ((NOW - timedelta(minutes=10)).replace(tzinfo=None), "BTC")


def test_order_and_repetition_do_not_matter_and_the_first_receipt_stays(market: Market) -> None:
    start = datetime(2026, 10, 9, tzinfo=UTC)
    rows = [
        Liquidation(start + timedelta(seconds=n), NOW, "OKX", "BTC-USDT-SWAP", "BTC", "long", 100.0 + n, 1.0, 100.0 + n)
        for n in range(20)
    ]
    again = [Liquidation(**{**vars(row), "received": NOW + timedelta(hours=1)}) for row in rows]
    assert keep(market.store, rows[10:], [], []).new == 10
    merged = keep(market.store, [*reversed(again), *again], [], [])
    assert (merged.new, merged.changed, merged.unchanged) == (10, 0, 10)
    reading = market.read("liquidations_total", None, timedelta(hours=1), start + timedelta(seconds=19))
    assert (reading.value, reading.mode, reading.source) == (sum(row.usd for row in rows), "live", SOURCE)
    received = {(moment(row["ts_utc"]).second, moment(row["received_utc"]).hour) for row in live(market)}
    assert received == {(n, NOW.hour if n >= 10 else NOW.hour + 1) for n in range(20)}


def watched(
    venue: Venue, venues: LocalVenues, market: Market, *, until: Callable[[Watching], bool], ticking: bool = False
) -> Watching:
    """Watches one venue until the condition holds; the clock stands at NOW, or ticks from there at each look."""
    settings = MarketSettings.model_validate({"gateway": venues.gateway, "assets": ["BTC"], "venues": [venue]})
    ticks = iter(range(10**9))
    random = Random(1)  # noqa: S311 - a test

    def wall() -> datetime:
        return NOW + timedelta(milliseconds=next(ticks)) if ticking else NOW

    async def run() -> Watching:
        watching = Watching(market.store, settings, wall, Backoff(random, first_seconds=0.05))
        task = asyncio.create_task(watching.run())
        for _ in range(300):
            await asyncio.sleep(0.1)
            if until(watching) or task.done():
                break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert until(watching)
        return watching

    return asyncio.run(run())


def live(market: Market) -> list[Row]:
    return [row for row in market.store.rows("all", lambda: table("liquidations"), {}) if row["mode"] == "live"]


def gaps(market: Market) -> list[Row]:
    return market.store.rows("gaps", lambda: record("stream_gaps"), {})


def cells(market: Market) -> list[tuple[object, ...]]:
    names = ("exchange", "symbol", "asset", "side", "price", "quantity", "usd")
    return sorted((tuple(row[name] for name in names) for row in live(market)), key=str)


def moment(cell: object) -> datetime:
    assert isinstance(cell, datetime)
    return cell


def market_state(market: Market, covered: datetime) -> None:
    """Writes down that OKX was last heard at `covered`, as a process that has died since would have."""
    state = read_states(market.store)["liquidations OKX"]
    keep(market.store, [], [], [state.model_copy(update={"answered": covered})])
