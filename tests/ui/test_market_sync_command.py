"""`market-pulse market sync` in a process of its own, against venues on this machine, also when it is killed."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from market.feeds.states import read_states
from market.market import STORE_FILE
from market.store import Store
from tests.guard.outside import guarded_environment
from tests.market.feeds.local_venues import LocalVenues, path_candle
from tests.ui.conftest import COMMAND

BATCHES = (
    "spot candles BTC",
    "perpetual candles BTC",
    "funding BTC",
    "open interest BTC",
    "fear & greed",
    "market cap",
)


@pytest.fixture
def venues(shared: Path) -> Iterator[LocalVenues]:
    with LocalVenues(shared, round(datetime.now(UTC).timestamp() * 1_000)).running() as local:
        yield local


@pytest.fixture
def started(venues: LocalVenues, tmp_path: Path) -> "Started":
    return Started(venues, tmp_path)


class Started:
    """Starts the command over one home; its processes can reach nothing but this machine."""

    def __init__(self, venues: LocalVenues, folder: Path) -> None:
        self.home = folder / "home"
        self._attempts = folder / "outside.log"
        self._environment = os.environ | guarded_environment(self._attempts)
        self._environment |= {"MARKET_PULSE_MARKET_GATEWAY": venues.gateway, "MARKET_PULSE_MARKET_ASSETS": '["BTC"]'}

    def __call__(self, *words: str, **settings: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [COMMAND, "--home", str(self.home), "market", "sync", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment | settings,
        )

    def to_its_end(self, *words: str, **settings: str) -> tuple[int, str, str]:
        process = self(*words, **settings)
        out, err = process.communicate(timeout=120)
        assert not self._attempts.exists(), self._attempts.read_text()
        return process.returncode, out, err


def test_one_line_for_each_feed_and_then_the_data_are_live(started: Started) -> None:
    code, out, err = started.to_its_end()
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line[:25].strip() for line in lines] == list(BATCHES)
    assert " new rows from Binance; the newest row is 1 minute old" in lines[0]
    reading = subprocess.run(
        [COMMAND, "--home", str(started.home), "market", "metrics", "price", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(reading.stdout)["mode"] == "live"


def test_the_reports_come_as_json_and_name_who_failed(started: Started, venues: LocalVenues) -> None:
    venues.down = {"api.coingecko.com"}
    code, out, _ = started.to_its_end("--json")
    reports = {report["name"]: report for report in json.loads(out)}
    assert code == 0
    assert reports["market cap"]["error"] == "CoinGecko answered with HTTP status 503"
    assert reports["funding BTC"]["error"] is None


def test_when_nobody_answers_it_fails_with_one_line(started: Started, venues: LocalVenues) -> None:
    venues.down = {"api.binance.com", "fapi.binance.com", "api.bybit.com", "www.okx.com", "api.alternative.me"}
    venues.down.add("api.coingecko.com")
    code, out, err = started.to_its_end()
    assert code == 1
    assert len(out.splitlines()) == len(BATCHES)
    assert err.startswith("Error: no live feed answered (Binance cannot be reached")
    assert err.count("\n") == 1


def test_where_live_data_are_turned_off_nobody_is_asked(started: Started, venues: LocalVenues) -> None:
    code, out, err = started.to_its_end(MARKET_PULSE_MARKET_LIVE="false")
    assert (code, out) == (1, "")
    assert err.startswith("Error: live data are turned off by MARKET_PULSE_MARKET_LIVE")
    assert venues.asked == []


@pytest.mark.parametrize("requests", [9, 17])
def test_killed_it_leaves_whole_batches_and_the_next_run_completes_them(
    requests: int, started: Started, venues: LocalVenues
) -> None:
    process = started()
    while len(venues.asked) < requests and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.communicate()
    with Store.open(started.home / STORE_FILE) as store:
        kept = list(read_states(store))
        # A state is written with the rows it speaks of.
        assert sorted(kept) == sorted(BATCHES[: len(kept)])
        assert set(_whole_symbols(store)) == {("BTC/USDT", "BTC/USDT:USDT")[n] for n in range(min(len(kept), 2))}
    assert started.to_its_end()[0] == 0
    with Store.open(started.home / STORE_FILE) as store:
        assert sorted(read_states(store)) == sorted(BATCHES)
        assert set(_whole_symbols(store)) == {"BTC/USDT", "BTC/USDT:USDT"}


def _whole_symbols(store: Store) -> Iterator[str]:
    """Symbols with live minutes, each of which has no hole in them and days beside them."""
    with store._connection.cursor() as cursor:
        symbols = cursor.execute("SELECT DISTINCT symbol FROM candles WHERE mode = 'live'").fetchall()
        for (symbol,) in symbols:
            cells = "epoch_ms(ts_utc), open, high, low, close, volume"
            query = (
                f"SELECT {cells} FROM candles WHERE symbol = ? AND interval_seconds = ? AND mode = 'live' ORDER BY 1"  # noqa: S608 - names of ours
            )
            minutes = cursor.execute(query, [symbol, 60]).fetchall()
            assert [list(row) for row in minutes] == [
                path_candle(minutes[0][0] + 60_000 * number) for number in range(len(minutes))
            ]
            assert len(minutes) >= 2878
            assert cursor.execute(query, [symbol, 86_400]).fetchall()
            yield symbol
