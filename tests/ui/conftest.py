"""A real server in a process of its own, started once over a home of its own."""

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.guard.outside import guarded_environment
from tests.ui.browsing import CHROMIUM, QUIET, SLOW, opened
from ui.cli import main

COMMAND = str(Path(sys.executable).with_name("market-pulse"))


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(built_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Runs the console script's own entry point, in this process so that the model is imported only once."""

    def runs(*words: str, home: Path | None = None, stdin: str = "") -> Done:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", [COMMAND, "--home", str(home or built_home), *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        streams = capsys.readouterr()
        return Done(code, streams.out, streams.err)

    return runs


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(
    home: Path, port: int, attempts: Path, *options: str, settings: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """A server that is ready; what it tries to reach outside is written to `attempts`.

    Without `options` it is offline, as no venue can be reached from here.
    """
    process = subprocess.Popen(
        [COMMAND, "--home", str(home), "serve", *(options or ("--offline",)), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | guarded_environment(attempts) | dict(settings or {}),
    )
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return process
        except OSError:
            assert process.poll() is None, process.stdout.read() if process.stdout else "the server ended"
            time.sleep(0.2)
    process.kill()
    pytest.fail("the server was not ready within 90 seconds")


@pytest.fixture(scope="session")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server, whose process may not reach beyond this machine either."""
    attempts = tmp_path_factory.mktemp("server") / "outside.log"
    port = free_port()
    process = started(built_home, port, attempts)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=30)
    assert not attempts.exists(), attempts.read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; one for each file of tests, as Playwright keeps an event loop running beside it."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.skip("the browser is not here: install Debian's chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """The chat in a fresh profile."""
    with opened(browser, server, viewport={"width": 1280, "height": 900}) as fresh:
        expect(fresh.locator("#market-strip")).to_contain_text("Reconstruction", timeout=SLOW)
        yield fresh
