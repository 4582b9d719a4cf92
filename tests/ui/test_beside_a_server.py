"""The command line works beside a running server on the same home, and leaves what it did with the server."""

import json
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from market.wire import NOTE
from tests.ui.beside import Beside, server_beside

HEADER = "ts_utc,symbol,open,high,low,close,volume\n"
DAY = "2026-03-01T00:0{}:00Z,BTCUSDT,100,102,90,{},5\n"


@pytest.fixture(scope="module")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    with server_beside(built_home, tmp_path_factory.mktemp("beside")) as found:
        yield found


def reading(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/v1/metrics/price", timeout=20) as reply:  # noqa: S310 - loopback
        found: dict[str, Any] = json.load(reply)
        return found


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "venue-x.csv"
    path.write_text(HEADER + DAY.format(0, 101) + DAY.format(5, 95))
    return path


def test_reading_asking_and_importing_go_on_and_the_server_sees_what_came(server: Beside, csv: Path) -> None:
    address, cli = server.address, server.cli
    before = cli("market", "metrics", "price", "--json")
    assert (before.returncode, before.stderr) == (0, "")
    assert json.loads(before.stdout) == reading(address)
    asked = cli("ask", "What is the price of bitcoin?", "--json")
    assert asked.returncode == 0, asked.stderr
    assert "101,500" in json.loads(asked.stdout)["answer"]

    tried = cli("market", "import", str(csv), "--kind", "candles", "--dry-run")
    assert (tried.returncode, "dry run, nothing was changed: 2 rows" in tried.stdout) == (0, True)
    refused = csv.with_name("bad.csv")
    refused.write_text(csv.read_text().replace(",95,", ",none,"))
    wrong = cli("market", "import", str(refused), "--kind", "candles", "--json")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert f"Error: {refused}:3: column 'close': 'none' is not a number" in wrong.stderr
    assert reading(address)["mode"] == "reconstruction"

    done = cli("market", "import", str(csv), "--kind", "candles", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] == 2
    assert (reading(address)["source"], reading(address)["value"]) == ("venue-x", 95)
    after = cli("market", "metrics", "price", "--json")
    assert json.loads(after.stdout) == reading(address)
    assert server.process.poll() is None


def test_after_the_server_was_killed_the_command_line_goes_on_alone(server: Beside, csv: Path) -> None:
    cli = server.cli
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(30)
    assert (server.home / NOTE).exists()
    csv.write_text(csv.read_text() + "2026-03-01T00:10:00Z,BTCUSDT,95,99,90,97,5\n")
    done = cli("market", "import", str(csv), "--kind", "candles", "--json")
    assert (done.returncode, json.loads(done.stdout)["new"]) == (0, 1)
    assert json.loads(cli("market", "metrics", "price", "--json").stdout)["value"] == 97
