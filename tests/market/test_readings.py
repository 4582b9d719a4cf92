"""Many readings in one call are the readings of single calls, whatever store they come from."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from market.dashboard import dashboard
from market.errors import MarketError, NoData, UnknownMetric
from market.market import Market
from market.metrics import metrics
from market.plan import Wanted
from market.query import Bound, Row
from market.reading import Reading
from market.settings import MarketSettings
from tests.market.conftest import WALL
from tests.market.whole import fill
from tests.postgres import postgres_server

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAY = timedelta(days=1)
MOMENTS = [datetime(2025, 11, 4, 21, 37, 12, tzinfo=UTC), datetime(2025, 10, 11, 2, tzinfo=UTC)]
EVERYTHING = [
    *(Wanted(name) for name in metrics()),
    *(Wanted(name, "ETH", DAY) for name, metric in metrics().items() if metric.scope != "market"),
    Wanted("liquidations_total", "BTC", DAY / 2),
    Wanted("liquidations_long", None, DAY, {"source": "reconstruction of 4 November 2025"}),
    Wanted("liquidations_at_venue", None, DAY, {"venue": "bybit"}),
    Wanted("liquidations_at_venue", None, DAY, {"venue": "okx"}),
    Wanted("distance_to_level", None, None, {"level": "95000"}),
    Wanted("distance_to_level", None, None, {"level": "90000"}),
    Wanted("window_low", None, DAY, {"basis": "close"}),
]


@pytest.fixture(scope="module", params=["DuckDB", "PostgreSQL"])
def filled(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A market that holds every kind of data."""
    home = tmp_path_factory.mktemp("filled")
    if request.param == "DuckDB":
        yield from _filled(home, shared, MarketSettings())
    else:
        with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
            yield from _filled(home, shared, MarketSettings(store_url=url))


def _filled(home: Path, shared: Path, settings: MarketSettings) -> Iterator[Market]:
    market = Market.open(home, settings, read_only=False, wall=lambda: WALL)
    fill(market.store, shared, home)
    yield market
    market.close()


@pytest.mark.parametrize("as_of", [*MOMENTS, None], ids=str)
def test_each_reading_is_that_of_a_single_call(filled: Market, as_of: datetime | None) -> None:
    told = filled.readings(EVERYTHING, as_of)
    assert [_said(one) for one in told] == [_said(_single(filled, one, as_of)) for one in EVERYTHING]
    assert sum(isinstance(one, Reading) for one in told) > len(metrics()) / 2


@pytest.mark.parametrize("as_of", MOMENTS, ids=str)
def test_the_dashboard_is_that_of_single_calls(filled: Market, as_of: datetime) -> None:
    wanted = dashboard("ETH", DAY)
    told = filled.readings(wanted, as_of)
    assert [_said(one) for one in told] == [_said(_single(filled, one, as_of)) for one in wanted]


def test_many_threads_read_the_same_at_once(replayed: Market) -> None:
    wanted = dashboard(None, DAY)
    moments = [replayed.now() - timedelta(minutes=number) for number in range(4)] * 4
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda at: list(map(_said, replayed.readings(wanted, at))), moments))
    for at, found in zip(moments, told, strict=True):
        assert found == [_said(_single(replayed, one, at)) for one in wanted]


def test_what_cannot_be_read_does_not_keep_back_the_rest(replayed: Market) -> None:
    told = replayed.readings([Wanted("prise"), Wanted("price"), Wanted("basis"), Wanted("price", "BTC")])
    assert [type(one) for one in told] == [UnknownMetric, Reading, NoData, Reading]
    assert told[1] == told[3]
    assert replayed.readings([]) == []


def test_readings_that_stand_on_the_same_sums_are_one_query(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [Wanted(name, window=DAY) for name in ("liquidations_total", "liquidations_long", "liquidations_short")]
    market.readings(wanted[:1])
    asked: list[object] = []
    ask = market.store.rows

    def counted(key: object, build: "Callable[[], ir.Table]", values: Mapping[str, Bound]) -> list[Row]:
        asked.append(key)
        return ask(key, build, values)

    monkeypatch.setattr(market.store, "rows", counted)
    market.readings(wanted)
    assert len(asked) == 1


def _single(market: Market, wanted: Wanted, as_of: datetime | None) -> Reading | MarketError:
    try:
        return market.read(wanted.name, wanted.asset, wanted.window, as_of, wanted.params)
    except MarketError as error:
        return error


def _said(told: Reading | MarketError) -> object:
    return told if isinstance(told, Reading) else (type(told), str(told))
