"""How long the index takes to build from nothing, and to find that nothing changed."""

import time
from collections.abc import Iterator
from pathlib import Path

from knowledge.readymade import bundled_texts
from ui.app import open_library


def index_build(home: Path) -> Iterator[tuple[str, str]]:
    """Builds the bundled shelf's index in `home`, then syncs it again."""
    library = open_library(home)
    start = time.perf_counter()
    first = library.sync()
    built = time.perf_counter() - start
    vectors = f"{first.passages} passages, {first.ready} vectors ready-made, {first.embedded} embedded"
    yield f"index build, {vectors}", f"{built:.1f} s"
    start = time.perf_counter()
    library.sync()
    yield "sync with nothing to do", f"{time.perf_counter() - start:.2f} s"
    texts = [row for each in bundled_texts(library.embedder).values() for row in each]
    library.embedder.embed(texts[:32])
    start = time.perf_counter()
    library.embedder.embed(texts)
    yield f"embedding the shelf's {len(texts)} texts, were none ready-made", f"{time.perf_counter() - start:.1f} s"
