"""The store is made whole or not at all, excludes whom it must, and never shows half a change."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from market.errors import StoreBusy, StoreUnusable
from market.importing import import_file
from market.market import STORE_FILE, Market
from market.settings import MarketSettings
from market.store import Store
from tests.market.conftest import Write
from tests.market.rows import candles, file_of

_HOLD = """
import sys, time
from pathlib import Path
from market.store import Store
with Store.open(Path(sys.argv[1]), read_only=sys.argv[2] == "read"):
    print("open", flush=True)
    time.sleep(30)
"""
_FIRST = """
import sys
from pathlib import Path
from market.market import Market
from market.settings import MarketSettings
print(Market.open(Path(sys.argv[1]), MarketSettings()).read("price").value)
"""


def test_the_first_opening_makes_a_store_with_the_reconstruction(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new" / "home" / STORE_FILE):
        pass
    assert not list((tmp_path / "new" / "home").glob("*.new"))
    market = Market.open(tmp_path / "new" / "home", MarketSettings())
    assert market.read("price").value == 101_500


def test_two_first_starts_at_once_make_one_store(tmp_path: Path) -> None:
    both = [_python(_FIRST, str(tmp_path)) for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out.strip()) == (0, "101500.0"), err


def test_many_readers_share_the_store_and_exclude_a_writer(pristine: Path, tmp_path: Path) -> None:
    path = _copied(pristine, tmp_path)
    with _holding(path, "read"):
        Store.open(path).close()
        with pytest.raises(StoreBusy, match="stop 'market-pulse serve'"):
            Store.open(path, read_only=False)


def test_a_writer_excludes_readers(pristine: Path, tmp_path: Path) -> None:
    path = _copied(pristine, tmp_path)
    with _holding(path, "write"), pytest.raises(StoreBusy, match="cannot be read while another process"):
        Store.open(path)


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    path.write_text("not a database, but long enough to look like one " * 100)
    with pytest.raises(StoreUnusable, match="is not a market store"):
        Store.open(path)


def test_a_store_of_another_version_is_not_read(pristine: Path, tmp_path: Path) -> None:
    path = _copied(pristine, tmp_path)
    with Store.open(path, read_only=False) as store, store.writing() as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(StoreUnusable, match="schema version 99"):
        Store.open(path)


def test_what_fails_in_the_middle_of_writing_leaves_nothing(market: Market) -> None:
    def fails() -> None:
        with file_of(market).writing() as connection:
            connection.execute("DELETE FROM candles")
            raise RuntimeError("in the middle")

    before = market.read("price")
    with pytest.raises(RuntimeError):
        fails()
    assert market.read("price") == before


def test_threads_read_the_same_while_another_imports(market: Market, write: Write) -> None:
    path = write("candles.csv", candles([100 + n % 7 for n in range(600)], symbol="SOLUSDT"))
    as_of = market.now()
    names = set(market.metrics()) - {"open_interest", "open_interest_change", "basis", "recovery_time"}
    expected = {name: market.read(name, as_of=as_of) for name in sorted(names)}
    asked = [*expected] * 8
    with ThreadPoolExecutor(8) as pool:
        writing = pool.submit(import_file, market.store, path, "candles", "test")
        found = list(pool.map(lambda name: market.read(name, as_of=as_of), asked))
        assert writing.result().new == 600
    assert found == [expected[name] for name in asked]
    assert "SOL" in market.assets()


def _copied(pristine: Path, folder: Path) -> Path:
    path = folder / STORE_FILE
    path.write_bytes(pristine.read_bytes())
    return path


def _python(code: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


class _holding:  # noqa: N801 - reads as a verb where it is used
    """Holds the store open in a process of its own."""

    def __init__(self, path: Path, how: str) -> None:
        self._process = _python(_HOLD, str(path), how)

    def __enter__(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "open\n"

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
