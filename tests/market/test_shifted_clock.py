"""As of a moment every metric reads the same whether or not the store holds what came later."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from market.errors import NoData
from market.market import STORE_FILE, Market
from market.metrics import metrics
from market.reading import Reading
from market.settings import MarketSettings
from market.tables import TABLES
from tests.market.conftest import WALL
from tests.market.rows import file_of
from tests.market.whole import fill

MOMENTS = [
    datetime(2025, 10, 10, 21, 21, 30, tzinfo=UTC),
    datetime(2025, 11, 4, 0, 2, tzinfo=UTC),
    datetime(2025, 11, 4, 21, 37, tzinfo=UTC),
    datetime(2025, 11, 4, 16, 0, 0, 1, tzinfo=UTC),
]
NEVER_READ = {"recovery_time", "recovered_share"}
"""Whether the price fell, and had come back, is for the moment to say."""


@pytest.fixture(scope="module")
def whole(pristine: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that holds every kind of data."""
    home = tmp_path_factory.mktemp("whole")
    shutil.copy(pristine, home / STORE_FILE)
    market = Market.open(home, MarketSettings(), read_only=False)
    fill(market.store, shared, home)
    market.close()
    return home / STORE_FILE


@pytest.fixture(scope="module")
def cut(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[datetime | None], Market]]:
    """Markets from which everything not yet known at a moment has been deleted; None: nothing."""
    opened: dict[datetime | None, Market] = {}

    def at(moment: datetime | None) -> Market:
        if moment not in opened:
            home = tmp_path_factory.mktemp("cut")
            shutil.copy(whole, home / STORE_FILE)
            opened[moment] = market = Market.open(home, MarketSettings(), read_only=False, wall=lambda: WALL)
            if moment is not None:
                with file_of(market).writing() as connection:
                    for name, schema in TABLES.items():
                        lag = "interval_seconds" if schema.lag is None else str(int(schema.lag.total_seconds()))
                        connection.execute(
                            f"DELETE FROM {name} WHERE ts_utc + to_seconds({lag}) > ?",  # noqa: S608 - names of ours
                            [moment.replace(tzinfo=None)],
                        )
        return opened[moment]

    yield at
    for market in opened.values():
        market.close()


@pytest.mark.parametrize("as_of", MOMENTS, ids=str)
@pytest.mark.parametrize("name", list(metrics()))
def test_a_reading_never_knows_what_came_later(
    name: str, as_of: datetime, cut: Callable[[datetime | None], Market]
) -> None:
    for window in (timedelta(hours=2), timedelta(hours=24)):
        for params in ({}, {"source": "reconstruction of 4 November 2025"}):
            told = [_said(market, name, window, as_of, params) for market in (cut(as_of), cut(None))]
            assert told[0] == told[1]


@pytest.mark.parametrize("name", sorted(set(metrics()) - NEVER_READ))
def test_every_metric_has_a_reading_to_be_tried(name: str, cut: Callable[[datetime | None], Market]) -> None:
    said = [_said(cut(None), name, timedelta(hours=24), as_of, {}) for as_of in MOMENTS]
    assert any(isinstance(one, Reading) for one in said), said


def _said(market: Market, name: str, window: timedelta, as_of: datetime, params: Mapping[str, str]) -> Reading | str:
    try:
        return market.read(name, window=window, as_of=as_of, params=params)
    except NoData as error:
        # What the store holds beside is told as well, and differs.
        return str(error).split(";", maxsplit=1)[0]
