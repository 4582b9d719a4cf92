"""A running server answers from what other processes sync and from watched folders, and never stumbles meanwhile."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.ui.beside import Beside, server_beside

QUESTION = "What does the Zellweger rule of collateral auctions say?"
NOTE = """# The Zellweger rule

The Zellweger rule of collateral auctions says that a liquidation auction stays open for {} minutes.
"""


@pytest.fixture(scope="module")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """A server that looks for news five times a second and watches no folder."""
    settings = {"MARKET_PULSE_KNOWLEDGE_WATCH_SECONDS": "0.2"}
    with server_beside(built_home, tmp_path_factory.mktemp("fresh"), settings) as found:
        yield found


def answer(address: str, question: str = QUESTION) -> dict[str, Any]:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{address}/v1/answers", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - loopback
        found: dict[str, Any] = json.load(reply)
        return found


def best(address: str) -> str:
    """The slug that the search finds first."""
    query = urllib.parse.urlencode({"q": QUESTION, "k": 1})
    with urllib.request.urlopen(f"{address}/v1/search?{query}", timeout=60) as reply:  # noqa: S310 - loopback
        return str(json.load(reply)["results"][0]["slug"])


def until(seen: Callable[[], bool]) -> None:
    for _ in range(600):
        if seen():
            return
        time.sleep(0.1)
    pytest.fail("the server never saw it")


def says(address: str, words: str) -> bool:
    return words in answer(address)["answer"]


def test_answers_follow_what_another_process_syncs_and_none_fails_meanwhile(server: Beside, tmp_path: Path) -> None:
    address, cli = server.address, server.cli
    assert "Zellweger rule of collateral auctions says" not in answer(address)["answer"]
    statuses: list[str] = []
    ended = Event()

    def keep_asking() -> None:
        while not ended.is_set():
            statuses.append(answer(address, "How much was liquidated on 10 October 2025?")["status"])

    asking = Thread(target=keep_asking)
    asking.start()
    try:
        file = tmp_path / "zellweger.md"
        file.write_text(NOTE.format(17))
        added = cli("knowledge", "add", str(file))
        assert added.returncode == 0, added.stderr
        until(lambda: says(address, "17 minutes"))
        assert best(address) == "zellweger"

        file.write_text(NOTE.format(23))
        assert cli("knowledge", "sync").returncode == 0
        until(lambda: says(address, "23 minutes"))

        # The generation that the server started from is deleted under it.
        rebuilt = cli("knowledge", "sync", "--rebuild")
        assert rebuilt.returncode == 0, rebuilt.stderr
        assert says(address, "23 minutes")

        assert cli("knowledge", "remove", "zellweger").returncode == 0
        until(lambda: best(address) != "zellweger")
        assert not says(address, "23 minutes")
    finally:
        ended.set()
        asking.join(60)
    assert statuses
    assert set(statuses) == {"answered"}
    assert server.process.poll() is None


def test_a_watched_folder_is_synced_while_the_server_runs(built_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / "other.md").write_text("# Desk hours\n\nThe desk of the newsroom is open on weekdays.\n")
    settings = {
        "MARKET_PULSE_KNOWLEDGE_WATCH": json.dumps([str(folder)]),
        "MARKET_PULSE_KNOWLEDGE_WATCH_SECONDS": "0.2",
    }
    with server_beside(built_home, tmp_path, settings) as server:
        assert not says(server.address, "31 minutes")
        (folder / "rule.md").write_text(NOTE.format(31))
        until(lambda: says(server.address, "31 minutes"))
        (folder / "rule.md").unlink()
        until(lambda: not says(server.address, "31 minutes"))
