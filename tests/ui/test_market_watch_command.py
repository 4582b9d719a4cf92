"""`market-pulse market watch` as a process of its own: it streams, says how it goes, and ends politely."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from market.market import STORE_FILE
from market.store import Store
from tests.guard.outside import guarded_environment
from tests.market.feeds.local_venues import LocalVenues, Script
from tests.ui.conftest import COMMAND


@pytest.fixture
def venues(shared: Path) -> Iterator[LocalVenues]:
    with LocalVenues(shared, 0).running() as local:
        local.streams = {
            "fstream.binance.com": Script([[local.recorded("binance_futures.liquidation")[1]]]),
            "stream.bybit.com": Script([[local.recorded("bybit.liquidation")[3]]]),
            "ws.okx.com:443": Script([[local.recorded("okx.liquidation")[3]]]),
        }
        yield local


def test_it_streams_until_it_is_interrupted_and_keeps_what_it_heard(venues: LocalVenues, tmp_path: Path) -> None:
    attempts = tmp_path / "outside.log"
    settings = {"MARKET_PULSE_MARKET_GATEWAY": venues.gateway, "MARKET_PULSE_MARKET_ASSETS": '["BTC"]'}
    log = tmp_path / "status.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [COMMAND, "--home", str(tmp_path / "home"), "market", "watch"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | guarded_environment(attempts) | settings,
        )
        while "4 new liquidations" not in log.read_text() and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == "stopped: 4 new liquidations; Binance 1, Bybit 2, OKX 1\n"
    assert "4 new liquidations; Binance 1, Bybit 2, OKX 1" in log.read_text()
    assert not attempts.exists(), attempts.read_text()
    with Store.open(tmp_path / "home" / STORE_FILE) as store, store._connection.cursor() as cursor:
        found = cursor.execute(
            "SELECT exchange, count(*), sum(usd) FROM liquidations WHERE mode = 'live' GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert found == [("Binance", 1, 15_703.86), ("Bybit", 2, 3_625.36), ("OKX", 1, 7_067.06)]
