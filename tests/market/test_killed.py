"""A process that is killed while it imports leaves a store that opens, and the next import completes it."""

import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from market.importing import import_file
from market.market import STORE_FILE, Market
from market.settings import MarketSettings
from market.store import Store
from tests.market.rows import START

ROWS = 200_000

_IMPORT = """
import sys
from pathlib import Path
from market.importing import import_file
from market.store import Store

def told(done, size):
    if done == size:
        print("all read", flush=True)

with Store.open(Path(sys.argv[1]), read_only=False) as store:
    import_file(store, Path(sys.argv[2]), "liquidations", "mine", told)
    print("done", flush=True)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "liquidations.csv"
    with path.open("w") as rows:
        rows.write("ts_utc,exchange,symbol,side,price,quantity,usd\n")
        for number in range(ROWS):
            at: datetime = START + timedelta(milliseconds=250 * number)
            side = "long" if number % 3 else "short"
            rows.write(
                f"{at:%Y-%m-%dT%H:%M:%S.%f}Z,Bybit,BTCUSDT,{side},100.5,{1 + number % 7},{100.5 * (1 + number % 7)}\n"
            )
    return path


@pytest.mark.parametrize(
    ("said", "seconds_later"), [("all read", 0), ("all read", 0.3), ("all read", 0.8), ("done", 0)]
)
def test_all_of_the_file_is_there_or_nothing(
    said: str, seconds_later: float, file: Path, pristine: Path, tmp_path: Path
) -> None:
    path = tmp_path / STORE_FILE
    shutil.copy(pristine, path)
    with subprocess.Popen(
        [sys.executable, "-c", _IMPORT, str(path), str(file)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        heard = []
        while said not in heard:
            heard.append(process.stdout.readline().strip())
            assert heard[-1], "the import ended before it could be killed"
        time.sleep(seconds_later)
        process.send_signal(signal.SIGKILL)
    held = _held(path)
    assert held in {0, ROWS}
    if said == "done":
        assert held == ROWS
    market = Market.open(tmp_path, MarketSettings(), read_only=False)
    assert market.read("price", as_of=datetime(2025, 11, 5, tzinfo=UTC)).value == 101_500
    summary = import_file(market.store, file, "liquidations", "mine")
    assert (summary.new, summary.changed, summary.unchanged) == (ROWS - held, 0, held)
    market.close()
    assert _held(path) == ROWS


def _held(path: Path) -> int:
    with Store.open(path) as store, store.reading() as cursor:
        return int(cursor.execute("SELECT count(*) FROM liquidations WHERE source = 'mine'").fetchall()[0][0])
