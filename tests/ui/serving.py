"""A server in a thread of the test's own process: real sockets and HTTP, over an app that the test has put together."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from ui.app import App
from ui.keys import Keyring
from ui.server import listen
from ui.serving import build_served
from ui.settings import UiSettings


@contextmanager
def serving(app: App, home: Path, settings: UiSettings | None = None, host: str = "127.0.0.1") -> Iterator[str]:
    """Serves `app` on a free port of `host` with the keys of `home`; gives the address to reach it at."""
    settings = settings or UiSettings()
    bound = listen(host, 0)
    port = bound.getsockname()[1]
    served = build_served(app, settings, Keyring.open(home, None), host, port)
    with running(served, bound):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def running(served: ASGIApp, bound: object, seconds_to_finish: int = 5) -> Iterator[uvicorn.Server]:
    """Runs `served` on the socket `bound` until the block ends; replies under way then have `seconds_to_finish`."""
    server = uvicorn.Server(uvicorn.Config(served, log_level="warning", timeout_graceful_shutdown=seconds_to_finish))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server ended before it started"
        thread.join(0.05)
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()
