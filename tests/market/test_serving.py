"""While one process holds the store, others read it and import into it through that process."""

import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from market.behind import by_hour
from market.compacting import compact
from market.dashboard import dashboard
from market.errors import ImportRefused, MarketError, StoreBusy, StoreUnusable
from market.importing import import_file
from market.market import STORE_FILE, Market, open_store
from market.metrics import metrics
from market.reading import Reading
from market.served import ServedStore
from market.settings import MarketSettings
from market.wire import HOST, NOTE, Note, read, written
from tests.market.conftest import WALL, Write
from tests.market.rows import candles, liquidation

_DAY = timedelta(days=1)
_MIDNIGHT = datetime(2025, 11, 5, tzinfo=UTC)
_SERVE = """
import sys
from pathlib import Path
from market.market import Market
from market.settings import MarketSettings
market = Market.open(Path(sys.argv[1]), MarketSettings(), read_only=False)
with market.serving():
    print("serving", flush=True)
    sys.stdin.readline()
"""


class Holder:
    """A process that holds the store of a home and offers it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "serving\n"

    def stop(self) -> None:
        self.process.communicate("\n", timeout=30)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


@pytest.fixture
def holder(pristine: Path, tmp_path: Path) -> Iterator[Holder]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(pristine, home / STORE_FILE)
    holding = Holder(home)
    yield holding
    holding.kill()
    assert holding.process.stdin is not None
    assert holding.process.stdout is not None
    holding.process.stdin.close()
    holding.process.stdout.close()


@pytest.fixture
def beside(holder: Holder) -> Iterator[Market]:
    """The market of the home that the other process holds."""
    market = Market.open(holder.home, MarketSettings(), read_only=False, wall=lambda: WALL)
    assert isinstance(market.store, ServedStore)
    yield market
    market.close()


def test_every_reading_is_the_same_through_the_process_that_holds_the_store(beside: Market, replayed: Market) -> None:
    for name in metrics():
        assert _said(beside, name) == _said(replayed, name)
    wanted = dashboard(None, _DAY)
    told = [list(map(str, market.readings(wanted))) for market in (beside, replayed)]
    assert told[0] == told[1]
    assert beside.status() == replayed.status()
    hours = [market.behind("liquidations_total", by_hour, None, _DAY) for market in (beside, replayed)]
    assert hours[0] == hours[1]


def test_an_import_is_summed_up_as_always_and_seen_by_both(beside: Market, write: Write, holder: Holder) -> None:
    path = write("candles.csv", candles([100.0, 101.0, 102.0]))
    told: list[tuple[int, int]] = []
    summary = import_file(beside.store, path, "candles", "mine", lambda done, size: told.append((done, size)))
    assert (summary.new, summary.changed, summary.unchanged) == (3, 0, 0)
    assert told[-1][0] == told[-1][1] == path.stat().st_size
    assert beside.read("price").value == 102
    again = import_file(beside.store, path, "candles", "mine")
    assert (again.new, again.unchanged) == (0, 3)
    other = Market.open(holder.home, MarketSettings(), wall=lambda: WALL)
    assert other.read("price").value == 102
    other.close()


def test_compacting_works_through_the_process_that_holds_the_store(beside: Market, write: Write) -> None:
    import_file(beside.store, write("candles.csv", candles([100.0] * 12)), "candles", "mine")
    done = compact(beside.store, timedelta(days=1), WALL)
    assert (done.made, done.removed) == (1, 12)
    assert beside.read("price").completeness.startswith("newest 1-hour candle")


def test_what_is_refused_or_only_tried_changes_nothing(beside: Market, write: Write) -> None:
    good, bad = candles([100.0, 101.0]), [*candles([100.0]), {**candles([1.0, 2.0])[1], "close": -1}]
    with pytest.raises(ImportRefused, match="nothing was imported"):
        import_file(beside.store, write("bad.csv", bad), "candles", "mine")
    assert import_file(beside.store, write("good.csv", good), "candles", "mine", dry_run=True).new == 2
    assert beside.read("price").mode == "reconstruction"


def test_a_transaction_is_kept_whole_or_not_at_all(beside: Market) -> None:
    assert isinstance(beside.store, ServedStore)

    before = beside.read("price")
    for statement, error in (("SELECT 1", RuntimeError), ("DELETE FROM nothing", StoreUnusable)):
        with pytest.raises(error):
            _fails_after(beside.store, statement)
        assert beside.read("price") == before


def test_a_sender_that_goes_away_in_the_middle_leaves_nothing_and_blocks_nobody(
    beside: Market, holder: Holder, write: Write
) -> None:
    note = Note.left_in(holder.home)
    assert note is not None
    with socket.create_connection((HOST, note.port)) as line, line.makefile("rwb") as file:
        file.write(note.token.encode() + b"\n")
        for message in ({"do": "begin"}, {"do": "execute", "sql": "DELETE FROM candles", "values": []}):
            file.write(written(message))
        file.flush()
        replies = [read(file.readline()) for _ in range(3)]
        assert replies[2]["columns"] == ["Count"]
    assert import_file(beside.store, write("mine.csv", candles([100.0, 101.0])), "candles", "mine").new == 2
    assert beside.read("max_drawdown", params={"source": "reconstruction of 4 November 2025"}, as_of=_MIDNIGHT).value


def test_the_same_rows_sent_by_many_at_once_are_there_once(holder: Holder, write: Write) -> None:
    path = write("many.csv", [liquidation(minute, "long", 10.0 + minute) for minute in range(200)])

    def imports(number: int) -> int:
        store = open_store(holder.home, MarketSettings(), read_only=False)
        try:
            return import_file(store, path, "liquidations", "mine").new
        finally:
            store.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(imports, range(4))) == [0, 0, 0, 200]


def test_the_note_is_for_the_owner_alone_and_goes_with_the_process(holder: Holder) -> None:
    note = holder.home / NOTE
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    holder.stop()
    assert not note.exists()
    assert sorted(path.name for path in holder.home.iterdir() if NOTE in path.name) == []


@pytest.mark.parametrize("greeting", [b"\n", b"wrong\n", b"x" * 5_000, b""])
def test_without_the_word_of_the_note_nothing_is_done(greeting: bytes, holder: Holder) -> None:
    note = Note.left_in(holder.home)
    assert note is not None
    with socket.create_connection((HOST, note.port), timeout=10) as line:
        line.sendall(greeting)
        line.shutdown(socket.SHUT_WR)
        assert _heard(line) == b""
    (holder.home / NOTE).write_text(note.model_copy(update={"token": "other"}).model_dump_json())
    assert ServedStore.of(holder.home) is None


def test_a_note_of_a_process_that_was_killed_stands_in_nobodys_way(holder: Holder, write: Write) -> None:
    holder.kill()
    assert (holder.home / NOTE).exists()
    market = Market.open(holder.home, MarketSettings(), read_only=False, wall=lambda: WALL)
    assert import_file(market.store, write("mine.csv", candles([1.0, 2.0])), "candles", "mine").new == 2
    with market.serving():
        assert ServedStore.of(holder.home) is not None
    assert not (holder.home / NOTE).exists()
    market.close()


@pytest.mark.parametrize("kept", ["", "{", '{"port": "x"}', '{"port": 1, "token": "t"}'])
def test_a_note_that_makes_no_sense_is_no_note(kept: str, tmp_path: Path) -> None:
    (tmp_path / NOTE).write_text(kept)
    assert ServedStore.of(tmp_path) is None


def test_what_is_asked_after_the_process_stopped_is_one_clear_line(beside: Market, holder: Holder) -> None:
    holder.kill()
    with pytest.raises(StoreBusy, match="has stopped; nothing was changed, try again"):
        beside.read("price")


def test_one_that_only_reads_offers_nothing(replayed: Market, pristine: Path) -> None:
    with replayed.serving():
        assert not (pristine.parent / NOTE).exists()


def test_moments_survive_the_wire() -> None:
    message = {"values": {"at": datetime(2025, 11, 4, 21, 37, 0, 123_456), "of": "BTC", "n": 1.5, "none": None}}  # noqa: DTZ001 - as stored
    assert read(written(message)) == message


def _said(market: Market, name: str) -> Reading | str:
    try:
        return market.read(name)
    except MarketError as error:
        return str(error)


def _fails_after(store: ServedStore, statement: str) -> None:
    with store.writing() as connection:
        connection.execute("DELETE FROM candles")
        connection.execute(statement)
        raise RuntimeError("in the middle")


def _heard(line: socket.socket) -> bytes:
    try:
        return line.recv(100)
    except ConnectionResetError:
        return b""
