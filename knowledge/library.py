"""The door of the knowledge room: the shelf, the index over it, and the events with their figures."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from knowledge.checking.finding import Finding
from knowledge.checking.shelf import check_shelf, invalid_files
from knowledge.document import Document, Frozen
from knowledge.embedding import Embedder
from knowledge.endpoint import EndpointEmbedder
from knowledge.fetching.fetcher import Fetcher, FetchLimits
from knowledge.figures import Event
from knowledge.index import Index, Progress, SyncReport, current_stamp
from knowledge.reranking import Reranker
from knowledge.settings import KnowledgeSettings
from knowledge.sources import Shelf, Skipped


class Library:
    """What `home` knows. Nothing is read until it is asked for."""

    def __init__(self, home: Path, settings: KnowledgeSettings) -> None:
        self._home = home
        self._settings = settings
        self._index: Index | None = None
        self.shelf = Shelf(settings.content, home, settings.watch)

    @cached_property
    def fetcher(self) -> Fetcher:
        limits = FetchLimits(size_bytes=self._settings.fetch_bytes, seconds=self._settings.fetch_seconds)
        return Fetcher(limits, self._settings.trusted_hosts)

    @cached_property
    def embedder(self) -> Embedder:
        settings = self._settings
        if settings.embeddings_url and settings.embeddings_model and settings.embeddings_dimension:
            return EndpointEmbedder(
                settings.embeddings_url,
                settings.embeddings_model,
                settings.embeddings_key.get_secret_value(),
                settings.embeddings_dimension,
                settings.embeddings_seconds,
            )
        if settings.model_path is not None:
            return Embedder.local(settings.model_path, settings.precision)
        return Embedder.packaged(settings.precision)

    @property
    def index(self) -> Index:
        """Opens the index; it may be empty until the first sync. Raises IndexMismatch if another model made it."""
        if self._index is None:
            self._index = Index(self._home / "index", self.embedder, self._settings)
        return self._index

    @property
    def watches(self) -> bool:
        """Whether folders are watched, so that a sync may find something new without anybody's command."""
        return bool(self._settings.watch)

    def stamp(self) -> str:
        """Names the state of the index that is in use in `home` now, whoever synced it."""
        return current_stamp(self._home / "index")

    def reopened(self) -> "Library":
        """The same library as others have left it by now; the embedder is shared."""
        library = Library(self._home, self._settings)
        library.embedder = self.embedder
        return library

    def snapshot(self) -> "Library":
        """The same library with an index that stays as it is now, whatever is synced meanwhile."""
        library = self.reopened()
        library._index = self.index.snapshot()
        return library

    def close(self) -> None:
        """Lets go of the index, so that another process may sync it; it is opened anew when it is used again."""
        if self._index is not None:
            self._index.close()
            self._index = None

    @cached_property
    def events(self) -> Sequence[Event]:
        return self.shelf.events()

    def has_reranker(self) -> bool:
        """Whether a cross-encoder is configured. Raises ModelUnusable if it is and is not there."""
        return self._settings.reranker_path is not None and bool(Reranker(self._settings.reranker_path))

    def documents(self) -> Sequence[Document]:
        return self.shelf.documents()

    def check(self) -> list[Finding]:
        """Reads everything as a strict editor would; changes nothing."""
        faults = self.shelf.faults()
        if faults:
            return invalid_files(faults)
        return check_shelf(self.shelf.documents(), self.events, self._settings.content)

    def is_current(self) -> bool:
        """Whether the index was brought up to the files as they stand now; none of them is read for it."""
        return self._seen() is not None

    def sync(self, progress: Progress | None = None) -> SyncReport:
        """Brings the index up to the shelf; every document is read and checked before the first row changes.

        Where every file still stands as the last sync found it, nothing is read.
        """
        seen = self._seen()
        if seen is not None and self.index.is_whole():
            self.shelf.passed_over(seen.skipped)
            return self.index.unchanged()
        state = self.shelf.state()
        documents = self.shelf.documents()
        return self.index.sync(documents, progress, self._read_from(state))

    def rebuild(self, progress: Progress | None = None) -> SyncReport:
        """Builds the index anew beside the one in use, whichever model made that, and switches when it is whole."""
        state = self.shelf.state()
        documents = self.shelf.documents()
        home, seen = self._home / "index", self._read_from(state)
        self._index, report = Index.rebuilt(home, self.embedder, self._settings, documents, progress, seen)
        return report

    def _seen(self) -> "_Seen | None":
        """What the last sync saw, if it is what there is now."""
        kept = self.index.seen()
        seen = _Seen.model_validate_json(kept) if kept else None
        return seen if seen and seen.state == self.shelf.state() else None

    def _read_from(self, state: str | None) -> str | None:
        """For the index to keep; `state` as it was before the documents were read."""
        return _Seen(state=state, skipped=self.shelf.skipped).model_dump_json() if state else None


class _Seen(Frozen):
    """The state of all files that a sync has read, and what it had to leave out of them."""

    state: str
    skipped: tuple[Skipped, ...]
