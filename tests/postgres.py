"""A PostgreSQL server of the tests' own, on a free port."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The URL of a server that keeps its files in `folder`; skips the test where none is installed."""
    binaries = Path(os.path.realpath(shutil.which("postgres") or "/usr/lib/postgresql/15/bin/postgres")).parent
    if not (binaries / "initdb").exists():
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql")
    as_user: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        for parent in (folder, *folder.parents[:2]):
            parent.chmod(0o755)
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    subprocess.run(
        [*as_user, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
    )
    options = ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-k", str(folder), "-p", str(port)]
    with subprocess.Popen(
        [*as_user, binaries / "postgres", "-D", data, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        try:
            _until_open(url)
            yield url
        finally:
            # Its fast way to end: the gentle one waits for every connection that some pool still holds.
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _until_open(url: str) -> None:
    import psycopg

    for _ in range(100):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the PostgreSQL server did not start")
