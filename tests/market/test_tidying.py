"""A running server compacts by itself where the settings say when: at once, and again as time goes on."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from market.importing import ImportSummary
from market.market import Market
from market.settings import MarketSettings
from market.tables import Kind
from market.tidying import Tidying
from tests.market.conftest import WALL, Row
from tests.market.rows import candles, file_of

Load = Callable[[Kind, Sequence[Row]], ImportSummary]

DAY = timedelta(days=1)


def test_what_is_old_is_compacted_at_once_and_what_comes_later_after_it(market: Market, load: Load) -> None:
    load("candles", candles([100.0] * 12))
    with Tidying(market.store, DAY, lambda: WALL, every=timedelta(milliseconds=50)):
        assert _until(market, {3600: 1})
        load("candles", candles([100.0] * 24))
        assert _until(market, {3600: 2})


def test_an_attempt_that_fails_is_not_the_last(market: Market, load: Load) -> None:
    load("candles", candles([100.0] * 12))
    asked = iter(range(1_000))

    def wall() -> datetime:
        if next(asked) == 0:
            raise OSError("the clock is broken")
        return WALL

    with Tidying(market.store, DAY, wall, every=timedelta(milliseconds=50)):
        assert _until(market, {3600: 1})


def test_the_market_does_it_where_its_settings_say_so(market: Market, load: Load) -> None:
    load("candles", candles([100.0] * 12))
    for keep, found in ((None, {300: 12}), (DAY, {3600: 1})):
        settings = MarketSettings(compact_after=keep)
        one = Market.open(file_of(market).path.parent, settings, read_only=False, wall=lambda: WALL)
        with one.tidying():
            assert _until(one, found)
        one.close()


def test_a_store_that_may_only_be_read_is_left_alone(replayed: Market) -> None:
    settings = MarketSettings(compact_after=DAY)
    market = Market.open(file_of(replayed).path.parent, settings, wall=lambda: WALL)
    with market.tidying() as nothing:
        assert nothing is None
    market.close()


def _until(market: Market, found: dict[int, int]) -> bool:
    """Whether within a while the imported candles are so many of each interval, in seconds."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        with file_of(market).reading() as cursor:
            counted = cursor.execute(
                "SELECT interval_seconds, count(*) FROM candles WHERE mode = 'imported' GROUP BY 1"
            ).fetchall()
        if dict(counted) == found:
            return True
        time.sleep(0.02)
    return False
