"""Stores for the tests of the market room: each test gets a file of its own, copied from one made once."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from market.importing import ImportSummary, import_file
from market.market import STORE_FILE, Market
from market.settings import MarketSettings
from market.store import Store
from market.tables import Kind

WALL = datetime(2026, 11, 24, 12, tzinfo=UTC)

Row = Mapping[str, object]
Write = Callable[[str, Sequence[Row]], Path]


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as the first opening leaves it: the reconstruction and nothing else."""
    path = tmp_path_factory.mktemp("pristine") / STORE_FILE
    Store.open(path).close()
    return path


@pytest.fixture(scope="session")
def replayed(pristine: Path) -> Iterator[Market]:
    """The market of the reconstruction alone, read-only."""
    market = Market.open(pristine.parent, MarketSettings(), wall=lambda: WALL)
    yield market
    market.close()


@pytest.fixture
def market(pristine: Path, tmp_path: Path) -> Iterator[Market]:
    """A market that a test may import into."""
    shutil.copy(pristine, tmp_path / STORE_FILE)
    market = Market.open(tmp_path, MarketSettings(), read_only=False, wall=lambda: WALL)
    yield market
    market.close()


@pytest.fixture(scope="session")
def real(pristine: Path, tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Market]:
    """A market with the five-minute candles of the crash windows and the daily index imported."""
    home = tmp_path_factory.mktemp("real")
    shutil.copy(pristine, home / STORE_FILE)
    market = Market.open(home, MarketSettings(), read_only=False, wall=lambda: WALL)
    import_file(market.store, shared / "data" / "binance_spot_5m_BTC_ETH_crash_windows_2025.csv", "candles", "spot 5m")
    import_file(market.store, shared / "data" / "fear_greed_daily_2018-02-01_2026-01-27.csv", "sentiment", "index")
    yield market
    market.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows as a CSV file whose columns are the first row's."""

    def writes(name: str, rows: Sequence[Row]) -> Path:
        path = tmp_path / name
        header = list(rows[0])
        lines = [",".join(header), *(",".join(str(row[column]) for column in header) for row in rows)]
        path.write_text("\n".join(lines) + "\n")
        return path

    return writes


@pytest.fixture
def load(market: Market, write: Write) -> Callable[[Kind, Sequence[Row]], ImportSummary]:
    """Imports rows into the test's own market under the source 'test'."""

    def loads(kind: Kind, rows: Sequence[Row]) -> ImportSummary:
        return import_file(market.store, write(f"{kind}.csv", rows), kind, "test")

    return loads
