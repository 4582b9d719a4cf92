"""Remembers in SQLite what the index holds: which documents, which rows, and the passages themselves.

A row is written here after its vector is in Chroma and removed here after its vector is gone, so the catalog never
claims a vector that is not there, except between the two steps of a removal; `Index.sync` mends that.
"""

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from knowledge.document import Frozen, Passage
from knowledge.identity import Identity
from knowledge.rows import Row

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (slug TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL, passage_id TEXT NOT NULL,
    text_hash TEXT NOT NULL, content_hash TEXT NOT NULL, passage TEXT
);
CREATE INDEX IF NOT EXISTS rows_by_slug ON rows (slug);
CREATE INDEX IF NOT EXISTS rows_by_text ON rows (text_hash);
"""


class Held(Frozen):
    """What is known of a row that is in the index."""

    text_hash: str
    content_hash: str


class Catalog:
    """The catalog in `file`; every call is one transaction."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._transaction() as database:
            database.executescript(_SCHEMA)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._file, timeout=60)
        try:
            with database:
                yield database
        finally:
            database.close()

    def identity(self) -> Identity | None:
        """What the index was made with; None for one that is new."""
        with self._transaction() as database:
            found = database.execute("SELECT value FROM facts WHERE name = 'identity'").fetchone()
        return Identity.model_validate_json(found[0]) if found else None

    def begin(self, identity: Identity) -> None:
        with self._transaction() as database:
            database.execute("INSERT OR IGNORE INTO facts VALUES ('identity', ?)", (identity.model_dump_json(),))

    def stamp(self) -> str:
        """Another after every change of passages."""
        with self._transaction() as database:
            found = database.execute("SELECT value FROM facts WHERE name = 'stamp'").fetchone()
        return str(found[0]) if found else "new"

    def seen(self) -> str | None:
        """What `see` was told, unless a sync has begun since."""
        with self._transaction() as database:
            found = database.execute("SELECT value FROM facts WHERE name = 'seen'").fetchone()
        return str(found[0]) if found else None

    def see(self, seen: str | None) -> None:
        """Remembers what the index was brought up to; None while a sync is at it."""
        with self._transaction() as database:
            if seen is None:
                database.execute("DELETE FROM facts WHERE name = 'seen'")
            else:
                database.execute("INSERT OR REPLACE INTO facts VALUES ('seen', ?)", (seen,))

    def digests(self) -> dict[str, str]:
        """Of every document that is wholly in the index, by slug."""
        with self._transaction() as database:
            return dict(database.execute("SELECT slug, digest FROM documents"))

    def count(self) -> int:
        with self._transaction() as database:
            return int(database.execute("SELECT count(*) FROM rows").fetchone()[0])

    def passage_count(self) -> int:
        with self._transaction() as database:
            return int(database.execute("SELECT count(passage) FROM rows").fetchone()[0])

    def ids(self) -> set[str]:
        with self._transaction() as database:
            return {row[0] for row in database.execute("SELECT id FROM rows")}

    def slugs(self) -> set[str]:
        with self._transaction() as database:
            return {row[0] for row in database.execute("SELECT DISTINCT slug FROM rows")}

    def held(self, slugs: Iterable[str]) -> dict[str, Held]:
        """The rows of these documents, by id."""
        with self._transaction() as database:
            found = [
                row
                for slug in slugs
                for row in database.execute("SELECT id, text_hash, content_hash FROM rows WHERE slug = ?", (slug,))
            ]
        return {id_: Held(text_hash=text, content_hash=content) for id_, text, content in found}

    def donors(self, text_hashes: Iterable[str]) -> dict[str, str]:
        """For each text that some row already has: that row's id, whose vector can be used again."""
        query = "SELECT id FROM rows WHERE text_hash = ? LIMIT 1"
        with self._transaction() as database:
            found = {text: database.execute(query, (text,)).fetchone() for text in set(text_hashes)}
        return {text: row[0] for text, row in found.items() if row}

    def passages(self) -> list[Passage]:
        """Every passage, by id."""
        with self._transaction() as database:
            rows = database.execute("SELECT passage FROM rows WHERE passage IS NOT NULL ORDER BY id").fetchall()
        return [Passage.model_validate_json(row[0]) for row in rows]

    def put(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        values = [
            (
                row.id,
                row.slug,
                row.passage_id,
                row.text_hash,
                row.content_hash,
                row.passage and row.passage.model_dump_json(),
            )
            for row in rows
        ]
        with self._transaction() as database:
            database.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", values)
            _change(database)

    def forget(self, ids: Iterable[str]) -> None:
        """Removes rows, and the word that their documents are wholly here."""
        gone = [(id_,) for id_ in ids]
        with self._transaction() as database:
            database.executemany("DELETE FROM documents WHERE slug = (SELECT slug FROM rows WHERE id = ?)", gone)
            database.executemany("DELETE FROM rows WHERE id = ?", gone)
            _change(database)

    def doubt(self, slugs: Iterable[str]) -> None:
        """Takes back the word that these documents are wholly here, before their rows change."""
        with self._transaction() as database:
            database.executemany("DELETE FROM documents WHERE slug = ?", [(slug,) for slug in slugs])

    def complete(self, digests: Mapping[str, str]) -> None:
        """Says that these documents are wholly in the index."""
        with self._transaction() as database:
            database.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?)", list(digests.items()))


def _change(database: sqlite3.Connection) -> None:
    database.execute("INSERT OR REPLACE INTO facts VALUES ('stamp', ?)", (uuid.uuid4().hex,))
