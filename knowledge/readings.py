"""Remembers what a file gave when it was last read, so that a sync reads only files that changed since."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from pydantic import TypeAdapter

from knowledge.document import Document
from knowledge.standing import standing

_DOCUMENTS = TypeAdapter(tuple[Document, ...])


def _loaders() -> str:
    """Hash of the loaders' own source: another loader may read another document from the same file."""
    here = Path(__file__).parent
    files = [*sorted((here / "loading").glob("*.py")), here / "document.py", here / "quarantine.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()[:16]


class Readings:
    """The readings in `file`. A file counts as unchanged while its size and its time of change are."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.loaders = _loaders()
        self._known: dict[str, tuple[str, str]] | None = None
        self._new: dict[str, tuple[str, str]] = {}

    def read(self, path: Path, load: Callable[[], Sequence[Document]]) -> tuple[Document, ...]:
        """What `path` holds, from memory or by `load`, whose errors are not remembered."""
        state = f"{standing(path)} {self.loaders}"
        known = self._all().get(str(path))
        if known is not None and known[0] == state:
            return _DOCUMENTS.validate_json(known[1])
        documents = tuple(load())
        self._new[str(path)] = (state, _DOCUMENTS.dump_json(documents).decode())
        return documents

    def save(self) -> None:
        """Writes what was newly read."""
        if not self._new:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=60)) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS readings (path TEXT PRIMARY KEY, state TEXT, documents TEXT)")
            rows = [(path, *reading) for path, reading in self._new.items()]
            database.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", rows)
        self._known = {**self._all(), **self._new}
        self._new = {}

    def _all(self) -> dict[str, tuple[str, str]]:
        if self._known is None:
            self._known = {}
            if self._file.is_file():
                with closing(sqlite3.connect(self._file, timeout=60)) as database:
                    rows = database.execute("SELECT path, state, documents FROM readings").fetchall()
                self._known = {path: (state, documents) for path, state, documents in rows}
        return self._known
