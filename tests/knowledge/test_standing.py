"""A sync looks at every file but reads only what has changed; where nothing has, it reads nothing at all."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings
from ui.app import build_app
from ui.freshness import Freshness

HOUR_AGO = time.time() - 3600
_opened: list[str] = []
_listening: list[bool] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"open", "sqlite3.connect"} and isinstance(arguments[0], str | bytes | os.PathLike):
        _opened.append(os.fsdecode(arguments[0]))


@pytest.fixture
def read_in() -> Callable[[Path, Callable[[], object]], set[str]]:
    """Gives the names of the files in a folder that Python opens while something runs."""
    if not _listening:
        sys.addaudithook(_listen)
        _listening.append(True)

    def reads(folder: Path, run: Callable[[], object]) -> set[str]:
        _opened.clear()
        run()
        return {Path(name).name for name in _opened if Path(name).is_relative_to(folder)}

    return reads


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(5):
        written(folder / f"note-{number}.md", f"# Note {number}\n\nThe desk opens at {number} in the morning.\n")
    (folder / "broken.pdf").write_bytes(b"no PDF at all")
    os.utime(folder / "broken.pdf", (HOUR_AGO, HOUR_AGO))
    return folder


def written(path: Path, text: str) -> None:
    """A file that was last changed an hour ago."""
    path.write_text(text)
    os.utime(path, (HOUR_AGO, HOUR_AGO))


def opened(home: Path, shelf: Path, notes: Path, embedder: Embedder) -> Library:
    library = Library(home, KnowledgeSettings(content=shelf, watch=(notes,)))
    library.embedder = embedder
    return library


def aged(folder: Path) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (HOUR_AGO, HOUR_AGO))


def test_nothing_is_read_where_nothing_changed_and_one_file_where_one_did(
    home: Path, shelf: Path, notes: Path, embedder: Embedder, read_in: Callable[..., set[str]]
) -> None:
    aged(shelf)
    first = opened(home, shelf, notes, embedder).sync()
    again = opened(home, shelf, notes, embedder)
    assert read_in(home.parent, again.sync) & {"note-1.md", "broken.pdf", "funding.md", "readings.sqlite"} == set()
    assert again.sync() == again.index.unchanged()
    assert (again.sync().embedded, again.sync().passages) == (0, first.passages)
    assert [Path(skipped.origin).name for skipped in again.shelf.skipped] == ["broken.pdf"]

    written(notes / "note-3.md", "# Note 3\n\nThe desk opens at 9 in the morning.\n")
    assert read_in(notes, again.sync) == {"note-3.md", "broken.pdf"}
    assert again.index.search("When does the desk open?", 10)
    assert "at 9" in " ".join(passage.text for passage in again.index.passages())


def test_a_file_that_just_changed_is_looked_into_again(
    home: Path, shelf: Path, notes: Path, embedder: Embedder
) -> None:
    (notes / "note-0.md").write_text("# Note 0\n\nThe desk is shut today.\n")
    library = opened(home, shelf, notes, embedder)
    library.sync()
    assert not library.is_current()
    aged(notes)
    aged(shelf)
    library.sync()
    assert library.is_current()


@pytest.mark.parametrize("change", ["added", "removed", "replaced", "rewritten in place with its old time"])
def test_every_change_is_seen(home: Path, shelf: Path, notes: Path, embedder: Embedder, change: str) -> None:
    aged(shelf)
    library = opened(home, shelf, notes, embedder)
    library.sync()
    assert library.is_current()
    match change:
        case "added":
            written(notes / "note-9.md", "# Note 9\n\nNew.\n")
        case "removed":
            (notes / "note-1.md").unlink()
        case "replaced":
            written(notes / "draft", (notes / "note-1.md").read_text().replace("1", "7"))
            (notes / "draft").replace(notes / "note-1.md")
        case _:
            written(notes / "note-1.md", (notes / "note-1.md").read_text().replace("1", "7"))
    assert not library.is_current()
    assert library.sync().embedded + library.sync().removed <= 1
    assert library.is_current()


def test_a_sync_that_was_cut_short_is_not_taken_for_whole(
    home: Path, shelf: Path, notes: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(shelf)
    library = opened(home, shelf, notes, embedder)
    library.sync()
    before = (notes / "note-1.md").stat()
    kept = (notes / "note-1.md").rename(notes.parent / "kept")
    written(notes / "note-1.md", "# Note 1\n\nAnother.\n")

    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(library.index._catalog, "complete", fails)
        with pytest.raises(KeyboardInterrupt):
            library.sync()
    kept.replace(notes / "note-1.md")
    assert (notes / "note-1.md").stat().st_mtime_ns == before.st_mtime_ns
    assert not library.is_current()
    library.sync()
    assert "Another" not in " ".join(passage.text for passage in library.index.passages())


def test_a_server_that_watches_a_folder_reads_none_of_it_while_it_stays_as_it_is(
    built_home: Path, notes: Path, monkeypatch: pytest.MonkeyPatch, read_in: Callable[..., set[str]], tmp_path: Path
) -> None:
    monkeypatch.setenv("MARKET_PULSE_KNOWLEDGE_WATCH", f'["{notes}"]')
    app = build_app(tmp_path / "home", lasting=True)
    freshness = Freshness(app, 10)
    assert read_in(tmp_path, freshness.look) <= {"catalog.sqlite", "rebuild.lock", "current"}
    written(notes / "note-2.md", "# Note 2\n\nThe desk of the newsroom opens at 11.\n")
    assert "note-2.md" in read_in(tmp_path, freshness.look)
    assert "at 11" in " ".join(passage.text for passage in app.library.index.passages())
