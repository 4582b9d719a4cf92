"""The searchable index: brings what it holds up to the documents, embedding only what changed."""

import hashlib
import shutil
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from filelock import FileLock

from knowledge import generations, snapshots
from knowledge.catalog import Catalog
from knowledge.chunking import CHUNKER
from knowledge.document import Document, Frozen, Passage
from knowledge.embedding import Embedder, Vectors
from knowledge.errors import IndexEmpty, IndexMismatch
from knowledge.hits import Hit
from knowledge.identity import Identity
from knowledge.readymade import ReadyMade
from knowledge.retrieval import Retriever
from knowledge.rows import Row, digest, rows_of
from knowledge.settings import KnowledgeSettings
from knowledge.vectors import VectorStore

__all__ = ["Hit", "Index", "Progress", "SyncReport"]

Progress = Callable[[int, int], None]
"""Told (done, total) vectors while a sync embeds."""

_BATCH = 256


class SyncReport(Frozen):
    """What a sync did, counted in vectors, and how many passages the index now holds.

    `moved` vectors were taken over from where the same text stood before, `ready` ones came with the program.
    """

    embedded: int
    removed: int
    unchanged: int
    passages: int
    moved: int = 0
    ready: int = 0


class Index:
    """The index in `<home>/index`. One writer at a time (a file lock); a snapshot reads on while others sync."""

    def __init__(
        self, home: Path, embedder: Embedder, settings: KnowledgeSettings, generation: Path | None = None
    ) -> None:
        self._home = home
        self._embedder = embedder
        self._settings = settings
        self._folder = generation or generations.current(home)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._catalog = Catalog(self._folder / "catalog.sqlite")
        self._vectors = VectorStore(self._folder, self._checked_identity())
        self._retriever: Retriever | None = None
        self._opening = Lock()

    @classmethod
    def rebuilt(
        cls,
        home: Path,
        embedder: Embedder,
        settings: KnowledgeSettings,
        documents: Sequence[Document],
        progress: Progress | None = None,
        seen: str | None = None,
    ) -> tuple["Index", SyncReport]:
        """A new index built beside the one in use, which answers until the new one is whole and takes its place."""
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / "rebuild.lock"):
            index = cls(home, embedder, settings, generations.fresh(home))
            report = index.sync(documents, progress, seen)
            generations.switch(home, index._folder)
        return index, report

    def snapshot(self) -> "Index":
        """The index as the last sync or rebuild left it, copied to a folder of its own that none after it changes.

        Waits for those under way. The folder goes when nobody holds the snapshot any more; one whose process was
        killed goes when the next snapshot is taken.
        """
        with FileLock(self._home / "rebuild.lock"), FileLock(self._home / "sync.lock"):
            snapshots.clear_abandoned(self._home)
            folder, give_back = snapshots.claimed(self._home)
            try:
                # Whoever searches may write the lexicon at any time; the copy makes its own.
                without = shutil.ignore_patterns("lexicon*")
                shutil.copytree(generations.current(self._home), folder, dirs_exist_ok=True, ignore=without)
                index = Index(self._home, self._embedder, self._settings, folder)
            except BaseException:
                give_back()
                raise
        weakref.finalize(index, _discard, index._vectors, give_back)
        return index

    def close(self) -> None:
        """Lets go of the vectors' files; what is used afterwards opens them anew."""
        self._vectors.close()

    @property
    def stamp(self) -> str:
        """Names the state of the index: another after every sync that changed a passage."""
        return self._catalog.stamp()

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    @property
    def identity(self) -> Identity:
        return Identity(
            embedder=self._embedder.name,
            revision=self._embedder.revision,
            dimension=self._embedder.dimension,
            chunker=f"{CHUNKER}/{self._settings.passage_tokens}",
        )

    @property
    def fingerprint(self) -> str:
        """Hash over all passages: equal fingerprints mean equal knowledge."""
        lines = sorted(f"{passage.id} {passage.content_hash}" for passage in self.passages())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self._retrieval().passages)

    def passages(self) -> Iterable[Passage]:
        return self._retrieval().passages.values()

    def passage(self, passage_id: str) -> Passage | None:
        return self._retrieval().passages.get(passage_id)

    def neighbours(self, passage_id: str, reach: int = 1) -> Sequence[Passage]:
        """The passage amid those up to `reach` before and after it in its document, in reading order."""
        return self._retrieval().neighbours(passage_id, reach)

    def search(self, query: str, k: int = 10, vector: Vectors | None = None) -> list[Hit]:
        """The `k` best passages, best first; `vector` saves embedding a query that already is.

        Raises IndexEmpty if nothing was synced yet.
        """
        return self._searchable().search(query, k, vector).hits

    def retriever(self) -> Retriever:
        """What searches. Raises IndexEmpty if nothing was synced yet."""
        return self._searchable()

    def is_whole(self) -> bool:
        """Whether catalog and vectors agree, as they do unless a sync was cut short."""
        return self._vectors.count() == self._catalog.count()

    def seen(self) -> str | None:
        """What the last sync was told that it brings the index up to; None if it was not told, or was cut short."""
        return self._catalog.seen()

    def unchanged(self) -> SyncReport:
        """The report of a sync that finds nothing to do."""
        passages = self._catalog.passage_count()
        return SyncReport(embedded=0, removed=0, unchanged=self._catalog.count(), passages=passages)

    def waiting(self, documents: Sequence[Document]) -> int:
        """How many of `documents` a sync would change, add or remove."""
        known = self._catalog.digests()
        digests = {document.slug: self._digest(document) for document in documents}
        changed = sum(known.get(slug) != digest_ for slug, digest_ in digests.items())
        return changed + len(set(known) - set(digests))

    def sync(
        self, documents: Sequence[Document], progress: Progress | None = None, seen: str | None = None
    ) -> SyncReport:
        """Makes the index hold exactly `documents`: embeds what is new or changed, then removes what is gone.

        Safe to interrupt and to run twice, also at once: a document counts as held only when all its rows are.
        `seen` names what the documents were read from; it is kept until the next sync begins.
        """
        with FileLock(self._home / "sync.lock"):
            self._catalog.see(None)
            self._mend()
            known = self._catalog.digests()
            digests = {document.slug: self._digest(document) for document in documents}
            changed = [document for document in documents if known.get(document.slug) != digests[document.slug]]
            stale = self._catalog.slugs() - set(digests)
            self._catalog.doubt(document.slug for document in changed)
            held = self._catalog.held([*stale, *(document.slug for document in changed)])
            wanted = {row.id: row for document in changed for row in self._rows(document)}
            pending = [row for row in wanted.values() if row.id not in held or held[row.id].text_hash != row.text_hash]
            moved = self._take_over(pending)
            ready = self._take_ready_made([row for row in pending if row.id not in moved])
            missing = [row for row in pending if row.id not in moved | ready]
            self._embed(missing, progress)
            renewed = [
                row for row in wanted.values() if row.id in held and held[row.id].content_hash != row.content_hash
            ]
            self._catalog.put([row for row in renewed if held[row.id].text_hash == row.text_hash])
            gone = [row_id for row_id in held if row_id not in wanted]
            self._vectors.delete(gone)
            self._catalog.forget(gone) if gone else None
            self._catalog.complete({document.slug: digests[document.slug] for document in changed})
            self._catalog.see(seen)
            total = self._catalog.count()
        if self._retriever is not None and self._retriever.stamp != self._catalog.stamp():
            self._retriever = None
        return SyncReport(
            embedded=len(missing),
            removed=len(gone),
            unchanged=total - len(pending),
            passages=self._catalog.passage_count(),
            moved=len(moved),
            ready=len(ready),
        )

    def _mend(self) -> None:
        """Brings catalog and vectors together again if a sync was cut short between the two."""
        if self.is_whole():
            return
        there, known = self._vectors.ids(), self._catalog.ids()
        self._vectors.delete(there - known)
        self._catalog.forget(known - there)

    def _take_over(self, rows: Sequence[Row]) -> set[str]:
        """Gives rows whose text some other row has that row's vector; says which were given one."""
        donors = self._catalog.donors(row.text_hash for row in rows)
        vectors = self._vectors.get(sorted(set(donors.values()))) if donors else {}
        by_text = {text: vectors[donor] for text, donor in donors.items() if donor in vectors}
        return self._give(rows, by_text)

    def _take_ready_made(self, rows: Sequence[Row]) -> set[str]:
        """As above, for the vectors that came with the program."""
        return self._give(rows, ReadyMade(self._embedder).of(row.text_hash for row in rows))

    def _give(self, rows: Sequence[Row], vectors: Mapping[str, Vectors]) -> set[str]:
        given = [row for row in rows if row.text_hash in vectors]
        if given:
            import numpy as np

            self._store(given, np.stack([vectors[row.text_hash] for row in given]))
        return {row.id for row in given}

    def _embed(self, rows: Sequence[Row], progress: Progress | None) -> None:
        done = 0

        def tell(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                progress(done, len(rows))

        # Texts of like length together, so that short ones are not padded to the longest.
        ordered = sorted(rows, key=lambda row: len(row.text))
        for start in range(0, len(ordered), _BATCH):
            batch = ordered[start : start + _BATCH]
            self._store(batch, self._embedder.embed([row.text for row in batch], tell))

    def _store(self, rows: Sequence[Row], vectors: Vectors) -> None:
        self._vectors.put(rows, vectors)
        self._catalog.put(rows)

    def _rows(self, document: Document) -> Iterable[Row]:
        return rows_of(document, self._embedder.count_tokens, self._settings.passage_tokens)

    def _digest(self, document: Document) -> str:
        return digest(document.model_dump_json())

    def _checked_identity(self) -> Identity:
        found, expected = self._catalog.identity(), self.identity
        if found is not None and found != expected:
            raise IndexMismatch(
                f"the index in {self._folder} was built with {found}, not {expected}; "
                f"run 'market-pulse --home {self._home.parent} knowledge sync --rebuild'"
            )
        self._catalog.begin(expected)
        return expected

    def _retrieval(self) -> Retriever:
        with self._opening:
            if self._retriever is None:
                self._retriever = Retriever(
                    self._catalog.passages(),
                    self._vectors,
                    self._embedder,
                    self._settings,
                    self._folder,
                    self._catalog.stamp(),
                )
            return self._retriever

    def _searchable(self) -> Retriever:
        retriever = self._retrieval()
        if not retriever.passages:
            raise IndexEmpty(f"the index in {self._home} is empty; run 'market-pulse knowledge sync'")
        return retriever


def current_stamp(home: Path) -> str:
    """The stamp of the index in use in `home`, read without opening it; waits for a rebuild under way."""
    with FileLock(home / "rebuild.lock"):
        return Catalog(generations.current(home) / "catalog.sqlite").stamp()


def _discard(vectors: VectorStore, give_back: Callable[[], None]) -> None:
    vectors.close()
    give_back()
