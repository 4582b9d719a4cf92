"""Shared by all tests: a home of its own for each, blocked outside sockets, and one real app for the session."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.guard.outside import block_outside_sockets

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from ui.app import App

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("MARKET_PULSE_SHARED", ROOT.parent / "shared"))


KNOWN_GAPS = ROOT / "tests" / "known_gaps.txt"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of behaviour that is known to be missing must fail: one that passes is to be taken from the list."""
    lines = KNOWN_GAPS.read_text(encoding="utf-8").splitlines()
    missing = {line for line in lines if line and not line.startswith("#")}
    for item in items:
        if item.nodeid in missing:
            item.add_marker(pytest.mark.xfail(reason="a known gap, see tests/known_gaps.txt", strict=True))


@pytest.fixture(scope="session", autouse=True)
def _no_outside_sockets() -> Iterator[None]:
    """Whatever connects outside loopback fails, and the session with it."""
    attempts: list[str] = []
    restore = block_outside_sockets(attempts.append)
    yield
    restore()
    assert attempts == []


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
