"""A running server answers from what other processes sync and from watched folders, and never stumbles meanwhile."""

import json
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.ui.conftest import free_port, started
from tests.ui.test_beside_a_server import cli

QUESTION = "What does the Zellweger rule of collateral auctions say?"
NOTE = """# The Zellweger rule

The Zellweger rule of collateral auctions says that a liquidation auction stays open for {} minutes.
"""


@pytest.fixture(scope="module")
def home(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh")
    for part in ("index", "examples"):
        shutil.copytree(built_home / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def process(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Address and process of a server that looks for news five times a second and watches no folder."""
    port = free_port()
    log = tmp_path_factory.mktemp("fresh-guard") / "outside.log"
    process = started(home, port, log, settings={"MARKET_PULSE_KNOWLEDGE_WATCH_SECONDS": "0.2"})
    yield f"http://127.0.0.1:{port}", process
    process.kill()
    process.wait(30)


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


def test_answers_follow_what_another_process_syncs_and_none_fails_meanwhile(
    process: tuple[str, "subprocess.Popen[str]"], home: Path, tmp_path: Path
) -> None:
    address, server = process
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
        added = cli(home, "knowledge", "add", str(file))
        assert added.returncode == 0, added.stderr
        until(lambda: says(address, "17 minutes"))
        assert best(address) == "zellweger"

        file.write_text(NOTE.format(23))
        assert cli(home, "knowledge", "sync").returncode == 0
        until(lambda: says(address, "23 minutes"))

        # The generation that the server started from is deleted under it.
        rebuilt = cli(home, "knowledge", "sync", "--rebuild")
        assert rebuilt.returncode == 0, rebuilt.stderr
        assert says(address, "23 minutes")

        assert cli(home, "knowledge", "remove", "zellweger").returncode == 0
        until(lambda: best(address) != "zellweger")
        assert not says(address, "23 minutes")
    finally:
        ended.set()
        asking.join(60)
    assert statuses
    assert set(statuses) == {"answered"}
    assert server.poll() is None


def test_a_watched_folder_is_synced_while_the_server_runs(built_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / "other.md").write_text("# Desk hours\n\nThe desk of the newsroom is open on weekdays.\n")
    settings = {
        "MARKET_PULSE_KNOWLEDGE_WATCH": json.dumps([str(folder)]),
        "MARKET_PULSE_KNOWLEDGE_WATCH_SECONDS": "0.2",
    }
    port = free_port()
    own = tmp_path / "home"
    shutil.copytree(built_home / "index", own / "index")
    shutil.copytree(built_home / "examples", own / "examples")
    process = started(own, port, tmp_path / "outside.log", settings=settings)
    try:
        address = f"http://127.0.0.1:{port}"
        assert not says(address, "31 minutes")
        (folder / "rule.md").write_text(NOTE.format(31))
        until(lambda: says(address, "31 minutes"))
        (folder / "rule.md").unlink()
        until(lambda: not says(address, "31 minutes"))
    finally:
        process.kill()
        process.wait(30)
