"""How the server bears many people at once, and whether its memory stays where it is.

    python -m bench.load [--users 50] [--seconds 60] [--answers 5000] [--home DIR]

Each user asks the committed evaluation questions over HTTP, one after the other, without a pause. Then the memory of
the process is read every so many answers; the first quarter is warm-up, and the slope is that of the rest.
"""

import argparse
import asyncio
import itertools
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np

from eval.case import COMMITTED, load_cases

_READINGS = 20
"""How often memory is read."""


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """The address and process id of a server over `home`, once it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("market-pulse")),
        "--home",
        str(home),
        "serve",
        "--offline",
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(1_200):
            try:
                httpx.get(f"{address}/readyz", timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.25)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=60)


async def ask_all(address: str, questions: Sequence[str], users: int, until: float) -> tuple[list[float], list[str]]:
    """How long each answer took, and what went wrong, until the monotonic time `until`."""
    taken: list[float] = []
    errors: list[str] = []
    following = itertools.cycle(questions)

    async def user(client: httpx.AsyncClient) -> None:
        while time.monotonic() < until:
            start = time.perf_counter()
            try:
                reply = await client.post("/v1/answers", json={"question": next(following)})
                reply.raise_for_status()
            except httpx.HTTPError as error:
                errors.append(repr(error))
            taken.append(time.perf_counter() - start)

    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        await asyncio.gather(*(user(client) for _ in range(users)))
    return taken, errors


def crowd(address: str, questions: Sequence[str], users: int, seconds: float) -> Iterator[tuple[str, str]]:
    """So many users for so long, after a short warm-up."""
    asyncio.run(ask_all(address, questions, 4, time.monotonic() + 5))
    start = time.monotonic()
    taken, errors = asyncio.run(ask_all(address, questions, users, start + seconds))
    p50, p95 = np.percentile(taken, [50, 95])
    yield f"{users} users for {seconds:.0f} s, answers", f"{len(taken)}"
    yield "  errors", f"{len(errors)}{f', first {errors[0]}' if errors else ''}"
    yield "  answers per second", f"{len(taken) / (time.monotonic() - start):.1f}"
    yield "  p50 / p95", f"{p50 * 1000:.0f} / {p95 * 1000:.0f} ms"


def memory(address: str, pid: int, questions: Sequence[str], answers: int) -> Iterator[tuple[str, str]]:
    """Resident memory over so many answers, asked four at a time."""
    asked = itertools.cycle(questions)

    async def ask(count: int) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            for _ in range(count // 4):
                replies = await asyncio.gather(
                    *(client.post("/v1/answers", json={"question": next(asked)}) for _ in range(4))
                )
                for reply in replies:
                    reply.raise_for_status()

    read = [_resident(pid)]
    between = max(answers // _READINGS, 4)
    for _ in range(_READINGS):
        asyncio.run(ask(between))
        read.append(_resident(pid))
    rest = read[len(read) // 4 :]
    slope = float(np.polyfit(np.arange(len(rest)) * between / 1000, rest, 1)[0])
    yield (
        f"memory over {answers} answers, before / after warm-up / at the end",
        (f"{read[0]:.0f} / {rest[0]:.0f} / {rest[-1]:.0f} MB"),
    )
    yield "  growth after warm-up, per 1,000 answers", f"{slope:+.1f} MB"


def load(home: Path, users: int, seconds: float, answers: int) -> Iterator[tuple[str, str]]:
    """Both, on one server over `home`; no live data are pulled, so that only answering is measured."""
    questions = [case.question for case in load_cases(COMMITTED) if not case.history]
    with served(home) as (address, pid):
        yield from crowd(address, questions, users, seconds)
        yield from memory(address, pid, questions, answers)


def _resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    if found is None:
        raise RuntimeError(f"process {pid} is gone")
    return int(found[1]) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--answers", type=int, default=5_000)
    parser.add_argument("--home", type=Path, default=None)
    given = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as folder:
        for name, value in load(given.home or Path(folder), given.users, given.seconds, given.answers):
            print(f"{name:<64} {value}", flush=True)


if __name__ == "__main__":
    main()
