"""Feeds are pulled through the real clients from a server that answers as the venues do, and what is stored is that."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from market.feeds.backoff import Backoff
from market.feeds.feed import FeedReport, feeds_of
from market.feeds.sources import Sources
from market.feeds.states import read_states
from market.feeds.syncing import Syncing
from market.market import STORE_FILE, Market
from market.query import Row
from market.settings import MarketSettings
from market.tables import Kind, table
from tests.market.feeds.local_venues import LocalVenues, path_candle, path_price

NOW = datetime(2025, 11, 6, 12, 0, 30, tzinfo=UTC)
HOSTS_OF = {
    "Binance": {"api.binance.com", "fapi.binance.com"},
    "Bybit": {"api.bybit.com"},
    "OKX": {"www.okx.com"},
}
HOSTS = set().union(*HOSTS_OF.values())
PERPETUAL = ("fapi.binance.com", "category=linear", "-SWAP")
CELLS = ("open", "high", "low", "close", "volume")


@pytest.fixture
def venues(shared: Path) -> Iterator[LocalVenues]:
    with LocalVenues(shared, milliseconds(NOW)).running() as local:
        yield local


@dataclass(frozen=True)
class First:
    """What a first pull did when all venues but one were down."""

    venue: str
    venues: LocalVenues
    market: Market
    reports: dict[str, FeedReport]


@pytest.fixture(scope="module", params=list(HOSTS_OF))
def first(
    request: pytest.FixtureRequest, shared: Path, pristine: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[First]:
    home = tmp_path_factory.mktemp(request.param)
    shutil.copy(pristine, home / STORE_FILE)
    market = Market.open(home, MarketSettings(), read_only=False, wall=lambda: NOW)
    with LocalVenues(shared, milliseconds(NOW)).running() as local:
        local.down = HOSTS - HOSTS_OF[request.param]
        yield First(request.param, local, market, pulled(local, market))
    market.close()


def test_everything_comes_from_the_first_venue_that_answers(first: First) -> None:
    assert [report.error for report in first.reports.values()] == [None] * 6
    assert {report.source for name, report in first.reports.items() if "BTC" in name} == {first.venue}
    assert first.reports["spot candles BTC"].newest == NOW.replace(second=0)
    # A server that is down is tried for the first feed that needs it, and then left in peace for the rest of the run.
    candles_end = next(number for number, path in enumerate(first.venues.asked) if "unding" in path)
    assert not [path for path in first.venues.asked[candles_end:] if path.startswith(tuple(first.venues.down))]


def test_the_minutes_of_spot_and_perpetual_are_whole(first: First) -> None:
    for symbol in ("BTC/USDT", "BTC/USDT:USDT"):
        minutes = live(first.market, "candles", symbol=symbol, interval_seconds=60)
        assert {row["source"] for row in minutes} == {first.venue}
        cells = [[milliseconds(utc(row["ts_utc"])), *(row[name] for name in CELLS)] for row in minutes]
        newest = milliseconds(NOW.replace(second=0)) - 60_000
        assert sorted(cells) == [path_candle(newest - 60_000 * back) for back in range(2878, -1, -1)]
    asked = [path for path in first.venues.asked if any(mark in path for mark in ("/kline?", "/klines?", "candles?"))]
    perpetual = [path for path in asked if any(mark in path for mark in PERPETUAL)]
    assert len(perpetual) * 2 == len(asked)


def test_open_interest_is_in_coins_and_in_dollars_whatever_the_venue_counts(first: First) -> None:
    coins = {"Binance": 1000.5, "Bybit": 2000.5, "OKX": 3000.0}[first.venue]
    samples = live(first.market, "open_interest", asset="BTC")
    assert len(samples) == 2 * 288
    for row in samples:
        assert row["open_interest_coins"] == coins
        assert row["open_interest_usd"] == pytest.approx(coins * path_price(milliseconds(utc(row["ts_utc"]))))


def test_funding_is_the_rate_that_was_settled(first: First) -> None:
    found = {
        (milliseconds(utc(row["ts_utc"])), row["funding_rate"], row["mark_price"])
        for row in live(first.market, "funding")
    }
    if first.venue != "Binance":
        assert {rate for _, rate, _ in found} == {{"Bybit": 0.0001, "OKX": 0.00015}[first.venue]}
        assert len(found) == 42
        return
    recorded = [rate for text in first.venues.recorded("binance_futures.funding_rest") for rate in json.loads(text)]
    since = milliseconds(NOW - timedelta(days=14))
    assert found == {
        (rate["fundingTime"], float(rate["fundingRate"]), float(rate["markPrice"]))
        for rate in recorded
        if rate["symbol"] == "BTCUSDT" and since < rate["fundingTime"] <= milliseconds(NOW)
    }
    assert len(found) == 17


def test_recorded_days_and_indices_are_stored_as_they_were_recorded(first: First) -> None:
    (total,) = live(first.market, "market_cap")
    recorded = json.loads(first.venues.recorded("coingecko_global")[0])["data"]
    assert total["usd"] == recorded["total_market_cap"]["usd"]
    assert utc(total["ts_utc"]).timestamp() == recorded["updated_at"]
    index = [
        one for one in json.loads(first.venues.recorded("fear_greed")[0]) if int(one["timestamp"]) <= NOW.timestamp()
    ]
    assert {
        (utc(row["ts_utc"]).timestamp(), row["value"], row["classification"]) for row in live(first.market, "sentiment")
    } == {(int(one["timestamp"]), float(one["value"]), one["value_classification"]) for one in index}
    if first.venue == "Binance":
        days = json.loads(first.venues.recorded("binance.candles_rest")[0])
        closed = {
            day[0]: [float(cell) for cell in day[1:6]] for day in days if day[0] + 86_400_000 <= milliseconds(NOW)
        }
        stored = live(first.market, "candles", symbol="BTC/USDT", interval_seconds=86_400)
        assert {milliseconds(utc(row["ts_utc"])): [row[name] for name in CELLS] for row in stored} == closed


def test_a_second_pull_asks_only_for_what_is_missing(venues: LocalVenues, market: Market) -> None:
    pulled(venues, market)
    later = NOW + timedelta(minutes=3)
    venues.now = milliseconds(later)
    reports = pulled(venues, market, later)
    assert (reports["spot candles BTC"].new, reports["spot candles BTC"].changed) == (3, 0)
    assert [reports[name].new for name in ("funding BTC", "open interest BTC", "fear & greed", "market cap")] == [0] * 4


def test_rows_that_cannot_be_are_refused_and_the_next_venue_is_asked(venues: LocalVenues, market: Market) -> None:
    opened = milliseconds(NOW) // 60_000 * 60_000 - 60_000
    venues.answers["api.binance.com/api/v3/klines"] = [[opened, "100", "90", "95", "96", "1", 0, "0", 1, "0", "0", "0"]]
    reports = pulled(venues, market, feeds=1)
    assert reports["spot candles BTC"].source == "Bybit"
    assert not [row for row in live(market, "candles", symbol="BTC/USDT") if row["source"] == "Binance"]


def test_a_feed_that_fails_says_why_and_how_old_its_data_are(venues: LocalVenues, market: Market) -> None:
    pulled(venues, market)
    venues.down = {*HOSTS, "api.alternative.me"}
    venues.answers["api.coingecko.com/api/v3/global"] = {"status": {"error_code": 429}}
    later = NOW + timedelta(hours=4)
    reports = pulled(venues, market, later)
    told = reports["spot candles BTC"].told(later)
    assert told.startswith("spot candles BTC          failed: Binance cannot be reached")
    assert told.endswith("; the newest row is 4.0 hours old")
    assert "answered with HTTP status 503" in reports["fear & greed"].told(later)
    assert "it answered something else than it should (data: Field required)" in reports["market cap"].told(later)
    state = read_states(market.store)["spot candles BTC"]
    assert (state.error, state.answered, state.newest) == (
        reports["spot candles BTC"].error,
        NOW,
        NOW.replace(second=0),
    )


def test_an_asset_that_no_venue_trades_comes_from_nobody(venues: LocalVenues, market: Market) -> None:
    candles = pulled(venues, market, assets=("NOPE",), feeds=1)["spot candles NOPE"]
    assert candles.error == "Binance does not trade it; Bybit does not trade it; OKX does not trade it"
    assert candles.told(NOW).endswith("; no row was ever pulled")


def test_live_rows_win_over_the_reconstruction_which_stays_labelled(venues: LocalVenues, market: Market) -> None:
    as_of = datetime(2025, 11, 5, tzinfo=UTC)
    assert market.read("price", as_of=as_of).mode == "reconstruction"
    pulled(venues, market, feeds=1)
    assert (market.read("price", as_of=as_of).mode, market.read("price", as_of=as_of).source) == ("live", "Binance")
    bundled = market.read("price", as_of=as_of, params={"source": "reconstruction of 4 November 2025"})
    assert bundled.mode == "reconstruction"
    assert market.status(NOW).mode == "live"


def pulled(
    venues: LocalVenues,
    market: Market,
    now: datetime = NOW,
    assets: tuple[str, ...] = ("BTC",),
    feeds: int | None = None,
) -> dict[str, FeedReport]:
    """Pulls the first so many `feeds`, or all."""
    settings = MarketSettings.model_validate({"gateway": venues.gateway, "assets": assets})

    async def pull() -> dict[str, FeedReport]:
        async with Sources.of(settings, Backoff(Random(1), first_seconds=0.001)) as sources:  # noqa: S311 - a test
            pulling = Syncing(market.store, sources, lambda: now).pull(feeds_of(assets)[:feeds])
            return {report.name: report async for report in pulling}

    return asyncio.run(pull())


def live(market: Market, kind: Kind, **wanted: object) -> list[Row]:
    rows = market.store.rows(("all", kind), lambda: table(kind), {})
    return [row for row in rows if row["mode"] == "live" and all(row[name] == value for name, value in wanted.items())]


def utc(cell: object) -> datetime:
    assert isinstance(cell, datetime)
    return cell.replace(tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)
