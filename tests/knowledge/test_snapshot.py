"""A snapshot of the library answers from one state of the index, whatever is synced or rebuilt meanwhile."""

import gc
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings

LEAP = "A thin order book lets it leap over many prices at once."
SYNC = """
import sys
from pathlib import Path
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings
library = Library(Path(sys.argv[1]), KnowledgeSettings(content=Path(sys.argv[2])))
library.rebuild() if "rebuild" in sys.argv else library.sync()
"""
SNAPSHOT = """
import sys, time
from pathlib import Path
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings
taken = Library(Path(sys.argv[1]), KnowledgeSettings(content=Path(sys.argv[2]))).snapshot()
print("taken", flush=True)
time.sleep(120)
"""


@pytest.fixture
def library(home: Path, shelf: Path, embedder: Embedder) -> Library:
    library = Library(home, KnowledgeSettings(content=shelf))
    library.embedder = embedder
    library.sync()
    return library


def synced_elsewhere(home: Path, shelf: Path, *how: str) -> None:
    """Changes an article and syncs it from a process of its own."""
    path = shelf / "articles/mark-price.md"
    path.write_text(path.read_text().replace("A thin order book lets it jump.", LEAP))
    subprocess.run([sys.executable, "-c", SYNC, str(home), str(shelf), *how], check=True, timeout=120)


@pytest.mark.parametrize("how", [(), ("rebuild",)], ids=["sync", "rebuild"])
def test_a_snapshot_stays_as_it_was_and_one_taken_later_has_the_news(
    library: Library, home: Path, shelf: Path, how: tuple[str, ...]
) -> None:
    before = library.snapshot()
    library.close()
    found = before.index.search("Why does the last price jump?", 5)
    assert before.index.stamp == library.stamp()

    synced_elsewhere(home, shelf, *how)

    assert before.index.search("Why does the last price jump?", 5) == found
    assert before.index.stamp != library.stamp()
    with closing(before.reopened()) as current:
        after = current.snapshot()
    assert after.index.stamp == library.stamp()
    assert LEAP in " ".join(hit.passage.text for hit in after.index.search("Why does the last price leap?", 5))


def test_a_closed_library_syncs_and_searches_what_another_process_left(
    library: Library, home: Path, shelf: Path
) -> None:
    library.close()
    synced_elsewhere(home, shelf)
    assert library.sync().embedded == 0
    assert LEAP in " ".join(hit.passage.text for hit in library.index.search("Why does the last price leap?", 5))


def test_the_folder_of_a_snapshot_goes_with_it(library: Library, home: Path) -> None:
    taken = library.snapshot()
    assert taken.index.search("mark price", 1)
    assert len(copies(home)) == 1
    del taken
    gc.collect()
    assert list((home / "index/snapshots").iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_snapshot_and_what_others_use_stays(
    library: Library, home: Path, shelf: Path
) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", SNAPSHOT, str(home), str(shelf)], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == "taken\n"
    theirs = copies(home)
    mine = library.snapshot()
    assert len(theirs) == 1
    assert theirs < copies(home)

    killed.kill()
    killed.wait(30)
    later = library.snapshot()
    assert len(copies(home)) == 2
    assert not theirs & copies(home)
    assert mine.index.search("mark price", 1) == later.index.search("mark price", 1)


def copies(home: Path) -> set[Path]:
    return {path for path in (home / "index/snapshots").iterdir() if path.is_dir()}
