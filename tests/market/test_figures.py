"""Figures show the rows that readings stand on, say what data they are, and say so where there are none."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.calculators import calculate
from market.errors import InvalidInput, UnknownAsset
from market.figures import (
    Mark,
    Picture,
    Theme,
    fear_and_greed,
    funding_and_open_interest,
    liquidation_ladder,
    liquidations_by_side,
    market_value,
    price_and_drawdown,
)
from market.figures.look import LOOKS
from market.figures.thinning import kept
from market.importing import ImportSummary
from market.market import Market
from market.tables import Kind
from tests.market.conftest import Row
from tests.market.rows import START, candles, iso, liquidation

Load = Callable[[Kind, Sequence[Row]], ImportSummary]

DAY = timedelta(days=1)
MIDNIGHT = datetime(2025, 11, 5, tzinfo=UTC)
TIERS = "50000:0.004:125,250000:0.005:100,inf:0.01:20"

DRAWN: dict[str, Callable[[Market, Theme], Picture]] = {
    "price": lambda market, theme: price_and_drawdown(market, "BTC", DAY, MIDNIGHT, theme=theme),
    "liquidations": lambda market, theme: liquidations_by_side(market, None, DAY, MIDNIGHT, theme=theme),
    "market value": lambda market, theme: market_value(market, DAY, MIDNIGHT, theme=theme),
    "funding": lambda market, theme: funding_and_open_interest(
        market, "BTC", DAY, datetime(2025, 10, 11, tzinfo=UTC), theme=theme
    ),
    "index": lambda market, theme: fear_and_greed(market, 3 * DAY, MIDNIGHT, theme=theme),
    "ladder": lambda market, theme: liquidation_ladder(market, "BTC", "okx", MIDNIGHT, theme=theme),
}


@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_says_what_it_shows_as_of_when_and_that_it_is_no_exchange_data(
    name: str, theme: Theme, replayed: Market
) -> None:
    picture = DRAWN[name](replayed, theme)
    heading = picture.figure.layout.title
    written = unescape(heading.text + heading.subtitle.text.replace("<br>", " "))
    assert picture.title in written
    assert "as of" in written
    assert "UTC" in written
    assert "econstruction of" in written
    assert "not exchange data" in written
    assert len(picture.summary) > 60
    assert "http" not in picture.figure.to_json().replace("http://www.w3.org", "")


def test_the_deepest_point_is_the_reading_and_the_line_ends_at_the_price(replayed: Market) -> None:
    figure = price_and_drawdown(replayed, "BTC", DAY, MIDNIGHT).figure
    closes, falls, deepest = figure.data
    reading = replayed.read("max_drawdown", "BTC", DAY, MIDNIGHT)
    assert -min(falls.y) == pytest.approx(reading.value, rel=1e-12)
    assert deepest.y[0] == min(falls.y)
    assert closes.y[-1] == replayed.read("price", "BTC", as_of=MIDNIGHT).value
    assert min(closes.y) == replayed.read("window_low", "BTC", DAY, MIDNIGHT, {"basis": "close"}).value
    assert max(closes.y) == replayed.read("window_high", "BTC", DAY, MIDNIGHT, {"basis": "close"}).value


def test_events_of_the_window_are_marked_and_others_are_not(replayed: Market) -> None:
    marks = [Mark(MIDNIGHT - timedelta(hours=5), "an opening"), Mark(MIDNIGHT + DAY, "tomorrow's news")]
    picture = price_and_drawdown(replayed, "BTC", DAY, MIDNIGHT, marks=marks)
    assert [note.text for note in picture.figure.layout.annotations] == ["an opening"]
    assert "Marked: an opening (4 Nov 2025 19:00 UTC)" in picture.summary
    assert "tomorrow" not in picture.summary


def test_an_event_of_which_only_the_days_are_known_is_marked_over_them(replayed: Market) -> None:
    day = Mark(MIDNIGHT - DAY, "a bad day", until=MIDNIGHT)
    over = Mark(MIDNIGHT - 3 * DAY, "long over", until=MIDNIGHT - DAY)
    picture = price_and_drawdown(replayed, "BTC", DAY / 2, MIDNIGHT, marks=[day, over])
    # One in each of the two parts of the figure.
    bands = {(band.type, band.x0, band.x1) for band in picture.figure.layout.shapes}
    assert bands == {("rect", MIDNIGHT - DAY / 2, MIDNIGHT)}
    assert "Marked: a bad day (4 Nov 2025)." in picture.summary


@pytest.mark.parametrize("asset", [None, "ALL", "BTC", "SOL"])
def test_the_bars_add_up_to_the_readings(asset: str | None, replayed: Market) -> None:
    longs, shorts = liquidations_by_side(replayed, asset, DAY, MIDNIGHT).figure.data
    assert (longs.name, shorts.name) == ("Longs", "Shorts")
    for bars, name in ((longs, "liquidations_long"), (shorts, "liquidations_short")):
        assert sum(bars.y) == pytest.approx(replayed.read(name, asset, DAY, MIDNIGHT).value, abs=0.1)


def test_throttled_streams_are_told_of(load: Load, market: Market) -> None:
    load("liquidations", [liquidation(10, "long", 500.0)])
    picture = liquidations_by_side(market, "BTC", timedelta(hours=2), START + timedelta(hours=2))
    assert "lower bound" in " ".join(picture.shown)
    assert "Imported data: test" in picture.shown


def test_the_market_value_ends_at_the_reading(replayed: Market) -> None:
    (line,) = market_value(replayed, DAY, MIDNIGHT).figure.data
    assert line.y[-1] == replayed.read("market_cap", as_of=MIDNIGHT).value


def test_funding_is_told_by_who_pays_and_missing_open_interest_is_said(load: Load, market: Market) -> None:
    rates = [0.0001, -0.0002, 0.0003]
    rows = [
        {"ts_utc": iso(START + n * timedelta(hours=8)), "symbol": "BTCUSDT", "funding_rate": rate}
        for n, rate in enumerate(rates)
    ]
    load("funding", rows)
    at = START + timedelta(hours=17)
    picture = funding_and_open_interest(market, "BTC", DAY, at)
    by_name = {trace.name: list(trace.y) for trace in picture.figure.data if trace.name}
    assert by_name == {"Longs pay shorts": [0.0001, 0.0003], "Shorts pay longs": [-0.0002]}
    assert "Open interest: no data" in picture.shown
    notes = [note.text for note in picture.figure.layout.annotations]
    assert notes == ["Open interest: no data in this window"]
    assert "no open interest of BTC" in picture.summary
    opened = [
        {
            "ts_utc": iso(START + n * timedelta(hours=4)),
            "symbol": "BTCUSDT",
            "open_interest_coins": coins,
            "open_interest_usd": coins * 100,
        }
        for n, coins in enumerate([10.0, 12.0, 8.0])
    ]
    load("open_interest", opened)
    both = funding_and_open_interest(market, "BTC", DAY, at)
    assert list(both.figure.data[-1].y) == [1_000.0, 1_200.0, 800.0]
    assert "Open interest: Imported data: test" in both.shown


def test_the_index_stands_before_the_bands_of_its_classes(load: Load, market: Market) -> None:
    load("sentiment", [{"ts_utc": f"2026-03-0{day}", "value": value} for day, value in ((1, 20), (2, 50), (3, 80))])
    picture = fear_and_greed(market, 7 * DAY, datetime(2026, 3, 4, tzinfo=UTC))
    (line,) = picture.figure.data
    assert list(line.y) == [20, 50, 80]
    assert [band.y0 for band in picture.figure.layout.shapes] == [0, 26, 47, 55, 76]
    assert "stood at 80 (Extreme Greed) on 3 Mar 2026" in picture.summary


@pytest.mark.parametrize("venue", ["binance", "bybit", "okx", "mexc"])
def test_every_rung_is_the_calculators_price_for_the_venue(venue: str, replayed: Market) -> None:
    picture = liquidation_ladder(replayed, "BTC", venue, MIDNIGHT, leverages=(5, 20))
    for trace, side in zip(picture.figure.data, ("short", "long"), strict=True):
        expected = [
            calculate(
                "liquidation-price",
                {"side": side, "entry": 101_500, "leverage": leverage, "quantity": 1, "venue": venue},
            ).value
            for leverage in (5, 20)
        ]
        assert list(trace.y) == expected
    assert "5x long" in picture.summary


def test_tiers_set_the_rate_and_leave_out_what_they_do_not_allow(replayed: Market) -> None:
    picture = liquidation_ladder(replayed, "BTC", "binance", MIDNIGHT, tiers=TIERS, quantity=5, leverages=(10, 50))
    long = picture.figure.data[1]
    assert list(long.x) == ["10x"]
    given: dict[str, float | str] = {"side": "long", "entry": 101_500, "leverage": 10, "quantity": 5}
    assert long.y[0] == calculate("liquidation-price", {**given, "venue": "binance", "tiers": TIERS}).value
    assert any("left out" in line and "50x long" in line for line in picture.shown)
    with pytest.raises(InvalidInput, match="more than the 20x"):
        liquidation_ladder(replayed, "BTC", "binance", MIDNIGHT, tiers=TIERS, quantity=5, leverages=(50,))
    with pytest.raises(InvalidInput, match="nowhere"):
        liquidation_ladder(replayed, "BTC", "nowhere", MIDNIGHT)


@pytest.mark.parametrize(
    "draw",
    [
        lambda market, at: price_and_drawdown(market, "SOL", DAY, at),
        lambda market, at: liquidations_by_side(market, "BTC", DAY, at - 300 * DAY),
        lambda market, at: market_value(market, DAY, at - 300 * DAY),
        lambda market, at: fear_and_greed(market, timedelta(hours=2), at),
        lambda market, at: liquidation_ladder(market, "SOL", "binance", at),
    ],
)
def test_without_data_a_figure_says_what_is_missing(
    draw: Callable[[Market, datetime], Picture], replayed: Market
) -> None:
    picture = draw(replayed, MIDNIGHT)
    assert "No data" in picture.shown
    assert picture.summary.startswith("No data: ")
    (note,) = picture.figure.layout.annotations
    assert note.text == "No data in this window"
    assert all(not [y for y in trace.y if y is not None] for trace in picture.figure.data)


def test_an_asset_nobody_holds_is_a_mistake_and_not_missing_data(replayed: Market) -> None:
    with pytest.raises(UnknownAsset):
        price_and_drawdown(replayed, "NOPE", DAY, MIDNIGHT)


def test_a_gap_in_the_candles_is_a_gap_in_the_line(load: Load, market: Market) -> None:
    rows = candles([100.0, 101.0, 102.0, 103.0, 104.0, 105.0])
    load("candles", [*rows[:2], *rows[4:]])
    closes = price_and_drawdown(market, "BTC", timedelta(minutes=30), START + timedelta(minutes=30)).figure.data[0]
    assert list(closes.y) == [100.0, 101.0, None, 104.0, 105.0]


@given(
    values=st.lists(st.floats(1, 1e6), min_size=1, max_size=400),
    most=st.integers(12, 60),
    dropped=st.sets(st.integers(0, 399), max_size=40),
)
def test_thinning_keeps_both_ends_every_extreme_and_the_order(
    values: list[float], most: int, dropped: set[int]
) -> None:
    step = timedelta(minutes=1)
    there = [n for n in range(len(values)) if n not in dropped] or [0]
    times = [START + n * step for n in there]
    line = [values[n] for n in there]
    found = kept(times, (line,), step, most)
    shown = [at for at in found if at is not None]
    assert shown == sorted(set(shown))
    assert (shown[0], shown[-1]) == (0, len(line) - 1)
    drawn = [line[at] for at in shown]
    assert (min(drawn), max(drawn)) == (min(line), max(line))
    assert len(shown) <= most + 1 or len(line) <= most
    broken = [(found[n - 1], found[n + 1]) for n, at in enumerate(found) if at is None]
    gapped = [(a, b) for a, b in pairwise(shown) if any(times[n + 1] - times[n] > 1.5 * step for n in range(a, b))]
    assert broken == gapped


@pytest.mark.parametrize(("theme", "ground"), [("light", "#ffffff"), ("dark", "#10161f")])
def test_text_and_lines_stand_out_from_the_ground(theme: Theme, ground: str) -> None:
    look = LOOKS[theme]
    for text in (look.text, look.quiet):
        assert _contrast(text, ground) >= 4.5
    for line in (look.price, look.long, look.short, look.mark):
        assert _contrast(line, ground) >= 3


def test_a_figure_is_carried_as_json(replayed: Market) -> None:
    carried: dict[str, Any] = json.loads(liquidations_by_side(replayed, None, DAY, MIDNIGHT).figure.to_json())
    assert [trace["type"] for trace in carried["data"]] == ["bar", "bar"]


def _contrast(one: str, other: str) -> float:
    """The ratio of the Web Content Accessibility Guidelines."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
