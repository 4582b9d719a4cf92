"""A server in a process of its own over a home of its own, and commands run beside it."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.ui.conftest import COMMAND, free_port, started


class Beside(NamedTuple):
    """A running server, and the home that it shares with the commands."""

    address: str
    home: Path
    process: "subprocess.Popen[str]"

    def cli(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return cli(self.home, *words)


def cli(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command on `home`, as a shell would."""
    command = [COMMAND, "--home", str(home), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=os.environ)


@contextmanager
def server_beside(built_home: Path, folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Beside]:
    """Serves a copy of `built_home` inside `folder` until the block ends."""
    home = folder / "home"
    for part in ("index", "examples"):
        shutil.copytree(built_home / part, home / part)
    port = free_port()
    process = started(home, port, folder / "outside.log", settings=settings)
    try:
        yield Beside(f"http://127.0.0.1:{port}", home, process)
    finally:
        process.kill()
        process.wait(30)
