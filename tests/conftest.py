"""Shared by all tests: a home of its own for each, blocked outside sockets, and one real app for the session."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from ui.app import App

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("MARKET_PULSE_SHARED", ROOT.parent / "shared"))


class OutsideConnectionError(AssertionError):
    """A test tried to reach something that is not this machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_outside_sockets() -> Iterator[None]:
    """Fails whatever connects outside loopback: the product must work, and stay silent, without a network."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def checked(address: object) -> None:
        if isinstance(address, tuple) and str(address[0]) not in {"127.0.0.1", "::1", "localhost", "0.0.0.0"}:  # noqa: S104
            raise OutsideConnectionError(f"connection to {address!r}")

    def guarded_connect(self: socket.socket, address: object) -> None:
        checked(address)
        return connect(self, address)  # type: ignore[arg-type]  # the socket takes every address family's own shape

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        checked(address)
        return connect_ex(self, address)  # type: ignore[arg-type]  # as above

    def guarded_resolve(host: object, *args: object, **kwargs: object) -> object:
        if host not in {None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0", b"localhost", b"127.0.0.1"}:  # noqa: S104
            raise OutsideConnectionError(f"look-up of {host!r}")
        return resolve(host, *args, **kwargs)  # type: ignore[arg-type]  # passed through as given

    socket.socket.connect = guarded_connect  # type: ignore[method-assign,assignment]  # the point of this fixture
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign,assignment]  # as above
    socket.getaddrinfo = guarded_resolve  # type: ignore[assignment]  # as above
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]  # restored
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]  # restored
    socket.getaddrinfo = resolve


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that belongs to this test alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("MARKET_PULSE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def embedder() -> "Embedder":
    """The packaged MiniLM, loaded once."""
    from knowledge.embedding import Embedder

    return Embedder.packaged()


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose index is built over the bundled shelf; tests read it and do not change it."""
    from ui.app import build_app

    home = tmp_path_factory.mktemp("built")
    build_app(home)
    return home


@pytest.fixture(scope="session")
def app(built_home: Path) -> "App":
    """The whole house over the bundled shelf and the reconstruction."""
    from ui.app import build_app

    return build_app(built_home)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real market data and facts; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real market data is not here: the folder 'shared' beside the repository is absent")
    return SHARED
