"""A real server in a process of its own, started once over a home of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("market-pulse"))


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose index is built; tests do not change it."""
    home = tmp_path_factory.mktemp("built")
    done = subprocess.run(
        [COMMAND, "--home", str(home), "ask", "What is leverage?"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def run(built_home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line as a user does, in a process of its own."""

    def runs(*words: str, home: Path | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, "--home", str(home or built_home), *words],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return runs


@pytest.fixture(scope="session")
def server(built_home: Path) -> Iterator[str]:
    """The address of a running server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [COMMAND, "--home", str(built_home), "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):  # noqa: S310 - loopback
                break
        except OSError:
            assert process.poll() is None, process.stdout.read() if process.stdout else "the server ended"
            time.sleep(0.2)
    else:
        process.kill()
        pytest.fail("the server was not ready within 90 seconds")
    yield address
    process.terminate()
    process.wait(timeout=30)
