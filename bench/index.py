"""How long the index takes to build from nothing, and to find that nothing changed."""

import time
from collections.abc import Iterator
from pathlib import Path

from ui.app import open_library


def index_build(home: Path) -> Iterator[tuple[str, str]]:
    """Builds the bundled shelf's index in `home`, then syncs it again."""
    library = open_library(home)
    start = time.perf_counter()
    first = library.sync()
    built = time.perf_counter() - start
    yield f"index build, {first.passages} passages, {first.embedded} vectors", f"{built:.1f} s"
    yield "  vectors per second", f"{first.embedded / built:.0f}"
    start = time.perf_counter()
    library.sync()
    yield "sync with nothing to do", f"{time.perf_counter() - start:.2f} s"
