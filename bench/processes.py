"""How long a fresh process takes to answer, and how much memory the server needs at its peak."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

_RUNS = 3
_QUESTIONS = 100
_QUESTION = "How far is bitcoin below its all-time high right now?"


def cold_start(home: Path) -> Iterator[tuple[str, str]]:
    """Best of three fresh processes each: `--help`, and `ask` over an index that is already built."""
    command = [str(Path(sys.executable).with_name("market-pulse")), "--home", str(home)]
    yield "cold start of --help, best of 3", f"{_best([*command, '--help']):.2f} s"
    yield "cold start of ask, best of 3", f"{_best([*command, 'ask', _QUESTION]):.1f} s"


def server_memory(home: Path) -> Iterator[tuple[str, str]]:
    """Starts the server, asks a hundred questions over HTTP, reads the peak resident memory of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("market-pulse"))
    command = [program, "--home", str(home), "serve", "--offline", "--port", str(port)]
    start = time.perf_counter()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
    try:
        _wait_until_ready(port)
        yield "server ready after a start over a built index", f"{time.perf_counter() - start:.1f} s"
        for _ in range(_QUESTIONS):
            _ask(port)
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        peak = re.search(r"VmHWM:\s+(\d+) kB", status)
        yield (
            f"server peak memory after {_QUESTIONS} answers",
            f"{int(peak[1]) / 1e6:.2f} GB" if peak else "not known here",
        )
    finally:
        server.terminate()
        server.wait(timeout=20)


def _best(command: list[str]) -> float:
    taken = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program
        taken.append(time.perf_counter() - start)
    return min(taken)


def _wait_until_ready(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"the server on port {port} was not ready after {seconds} s")


def _ask(port: int) -> None:
    body = json.dumps({"question": _QUESTION}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/answers", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        json.load(reply)
