"""What the streams did not hear is said beside every total that it may be missing from."""

from datetime import UTC, datetime, timedelta

import pytest

from market.feeds.gaps import Gap, silences
from market.feeds.keeping import keep
from market.feeds.liquidation import Liquidation
from market.feeds.states import FeedState
from market.market import Market

END = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def heard(market: Market) -> Market:
    """Two venues' liquidations of the last two hours, with gaps; Bybit has been silent for the last half hour."""
    rows = [
        Liquidation(END - n * HOUR / 6, END, "OKX", "BTC-USDT-SWAP", "BTC", "long", 100.0, 1.0, 100.0)
        for n in range(12)
    ]
    gaps = [
        Gap("OKX", END - 2 * HOUR, END - 1.5 * HOUR, ("BTC",)),
        Gap("Binance", END - 1.25 * HOUR, END - 0.75 * HOUR),
    ]
    states = [state("OKX", END), state("Binance", END), state("Bybit", END - HOUR / 2)]
    keep(market.store, rows, gaps, states)
    return market


def state(venue: str, answered: datetime) -> FeedState:
    return FeedState(
        name=f"liquidations {venue}",
        kind="liquidations",
        asset=None,
        source=venue,
        checked=answered,
        answered=answered,
        newest=answered,
    )


@pytest.mark.parametrize(
    ("since", "asset", "expected"),
    [
        (HOUR / 4, None, {"Bybit": HOUR / 4}),
        (HOUR, None, {"Binance": HOUR / 4, "Bybit": HOUR / 2}),
        (2 * HOUR, "ETH", {"OKX": HOUR / 2, "Binance": HOUR / 2, "Bybit": HOUR / 2}),
        # What OKX told afterwards of bitcoin is no gap of bitcoin's.
        (2 * HOUR, "BTC", {"Binance": HOUR / 2, "Bybit": HOUR / 2}),
    ],
)
def test_each_venue_is_silent_for_its_share_of_the_window(
    since: timedelta, asset: str | None, expected: dict[str, timedelta], heard: Market
) -> None:
    assert silences(heard.store, END - since, END, asset) == expected


def test_a_total_says_who_was_not_heard(heard: Market) -> None:
    said = heard.read("liquidations_total", None, HOUR, END).completeness
    assert said.startswith("lower bound: exchange liquidation streams are throttled")
    assert said.endswith("; not heard in the window: Binance for 15 minutes, Bybit for 30 minutes")


def test_a_total_of_before_the_silence_does_not(heard: Market) -> None:
    assert "not heard" not in heard.read("liquidations_total", None, HOUR / 12, END - HOUR / 2).completeness


def test_a_reconstruction_has_no_streams_to_be_silent(heard: Market) -> None:
    assert "not heard" not in heard.read("liquidations_total", as_of=datetime(2025, 11, 5, tzinfo=UTC)).completeness


def test_the_feeds_are_listed_with_state_and_age(heard: Market) -> None:
    failing = state("Bybit", END - 3 * HOUR).model_copy(update={"name": "spot candles BTC", "error": "Bybit refused"})
    old = state("OKX", END - 3 * HOUR).model_copy(update={"name": "funding BTC"})
    keep(heard.store, [], [], [failing, old])
    feeds = {feed.name: feed for feed in heard.feeds()}
    assert (feeds["liquidations OKX"].state, feeds["liquidations OKX"].age_seconds) == ("ok", 0)
    assert (feeds["spot candles BTC"].state, feeds["spot candles BTC"].error) == ("failing", "Bybit refused")
    assert (feeds["funding BTC"].state, feeds["funding BTC"].age_seconds) == ("stopped", 3 * 3600)
