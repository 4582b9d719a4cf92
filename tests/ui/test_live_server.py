"""A running server turns live when venues can be reached, falls back when they cannot, and always says which."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from market.importing import import_file
from market.market import Market
from market.settings import MarketSettings
from tests.market.feeds.local_venues import LocalVenues, Script
from tests.market.rows import candles
from tests.ui.conftest import COMMAND, free_port, started

VENUES = {"api.binance.com", "fapi.binance.com", "api.bybit.com", "www.okx.com"}
HOSTS = VENUES | {"api.alternative.me", "api.coingecko.com"}


@pytest.fixture
def venues(shared: Path) -> Iterator[LocalVenues]:
    """Venues of today, all of them down at first."""
    with LocalVenues(shared, round(datetime.now(UTC).timestamp() * 1_000), down=set(HOSTS)).running() as local:
        local.streams = {
            "fstream.binance.com": Script([[local.recorded("binance_futures.liquidation")[1]]]),
            "stream.bybit.com": Script([[local.recorded("bybit.liquidation")[3]]]),
            "ws.okx.com:443": Script([[local.recorded("okx.liquidation")[3]]]),
        }
        yield local


@pytest.fixture
def settings(venues: LocalVenues) -> Mapping[str, str]:
    return {
        "MARKET_PULSE_MARKET_GATEWAY": venues.gateway,
        "MARKET_PULSE_MARKET_ASSETS": '["BTC"]',
        "MARKET_PULSE_MARKET_PULL_EVERY": "PT1S",
    }


@pytest.fixture
def home(built_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built_home, tmp_path / "home")


def test_it_answers_from_what_there_is_and_says_what_that_is(
    home: Path, venues: LocalVenues, settings: Mapping[str, str], tmp_path: Path
) -> None:
    port, attempts = free_port(), tmp_path / "outside.log"
    process = started(home, port, attempts, "--host", "127.0.0.1", settings=settings)
    try:
        address = f"http://127.0.0.1:{port}"
        assert data_of_an_answer(address)["mode"] == "reconstruction"
        failing = until(lambda: feeds(address), lambda found: "market cap" in found)
        assert failing["spot candles BTC"]["state"] == "failing"
        assert "Binance cannot be reached" in failing["spot candles BTC"]["error"]
        assert 'market_pulse_feed_up{feed="spot candles BTC"} 0.0' in counted(address)

        venues.down = set()
        found = until(lambda: feeds(address), lambda found: all(feed["state"] == "ok" for feed in found.values()))
        assert found["spot candles BTC"]["source"] == "Binance"
        assert found["spot candles BTC"]["age_seconds"] < 180
        assert 'market_pulse_feed_age_seconds{feed="spot candles BTC"}' in counted(address)
        heard = until(
            lambda: feeds(address),
            lambda found: (
                {"liquidations Binance", "liquidations Bybit", "liquidations OKX"}
                <= {name for name, feed in found.items() if feed["latest"]}
            ),
        )
        assert heard["liquidations OKX"]["latest"] == "2026-10-09T17:06:40.771000Z"
        data = data_of_an_answer(address)
        assert (data["mode"], data["source"], data["stale"]) == ("live", "Binance", False)

        reports = beside(home, settings, "market", "sync", "--json")
        assert all(report["error"] is None for report in reports)
        told = [
            finding["message"] for finding in beside(home, settings, "doctor", "--json") if finding["check"] == "feeds"
        ]
        assert any(message.startswith("spot candles BTC from Binance; newest row ") for message in told)

        venues.down = set(HOSTS)
        lost = until(lambda: feeds(address), lambda found: found["spot candles BTC"]["state"] == "failing")
        assert lost["spot candles BTC"]["latest"] is not None
    finally:
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert "(market data: reconstruction; live data from Binance, Bybit, OKX)" in out
    assert process.returncode in {0, -15}
    assert "Traceback" not in out
    assert not attempts.exists(), attempts.read_text()


def test_offline_it_asks_nobody(server: str) -> None:
    # What the session's server, which is offline, reached for outside is held against it when it ends.
    assert feeds(server) == {}


def test_it_compacts_what_is_too_old_by_setting(home: Path, tmp_path: Path) -> None:
    rows = candles([100.0 + n for n in range(24)])
    path = tmp_path / "candles.csv"
    path.write_text("\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]) + "\n")
    market = Market.open(home, MarketSettings(), read_only=False)
    import_file(market.store, path, "candles", "mine")
    market.close()
    port = free_port()
    settings = {"MARKET_PULSE_MARKET_COMPACT_AFTER": "P1D"}
    process = started(home, port, tmp_path / "outside.log", "--host", "127.0.0.1", "--offline", settings=settings)
    try:
        asked = f"http://127.0.0.1:{port}/v1/metrics/window_high?window=2h&as_of=2026-03-01T02:00:00Z"
        reading = until(lambda: _json(asked), lambda found: found["sample_size"] == 2)
        assert reading["completeness"] == "all 2 1-hour candles of the window are present"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_nothing_is_pulled_where_it_is_forbidden_or_cannot_be_kept(tmp_path: Path) -> None:
    for given, read_only in (({"live": False}, False), ({}, True)):
        market = Market.open(tmp_path, MarketSettings.model_validate(given), read_only=read_only)
        assert market.venues == ()
        with market.pulling() as nothing:
            assert nothing is None
        market.close()


def beside(home: Path, settings: Mapping[str, str], *words: str) -> Any:
    """What a command prints that runs beside the server."""
    command = [COMMAND, "--home", str(home), *words]
    done = subprocess.run(command, env=os.environ | dict(settings), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def data_of_an_answer(address: str) -> Any:
    question = json.dumps({"question": "What is the price of bitcoin now?"}).encode()
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{address}/v1/answers", question, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - as above
        return json.load(reply)["data"]


def feeds(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/v1/feeds", timeout=60) as reply:  # noqa: S310 - loopback
        return {feed["name"]: feed for feed in json.load(reply)}


def counted(address: str) -> str:
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as reply:  # noqa: S310 - loopback
        return str(reply.read().decode())


def until(look: Callable[[], dict[str, Any]], holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What is seen once it `holds`; fails if it does not within two minutes."""
    found: dict[str, Any] = {}
    for _ in range(240):
        found = look()
        if holds(found):
            return found
        time.sleep(0.5)
    raise AssertionError(f"it never came to hold; last seen: {found}")


def _json(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310 - loopback
        return json.load(reply)


@pytest.mark.parametrize("path", ["/favicon.ico", "/pwa_icon", "/pwa_icon/64"])
def test_the_icon_is_a_picture_of_our_own(server: str, path: str) -> None:
    reply = httpx.get(f"{server}{path}")
    assert reply.status_code == 200
    assert reply.content.startswith(b"\x89PNG")
