"""Which sources are known: the bundled shelf and what a user added, loaded into Documents and Events."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from knowledge.document import Document, Frozen
from knowledge.errors import DocumentInvalid, UnknownSource, UnsupportedSource
from knowledge.fetching.fetcher import Fetcher
from knowledge.figures import Event
from knowledge.loading.events import event_document, load_event
from knowledge.loading.faq import load_faq
from knowledge.loading.files import KINDS, files_in, load_file
from knowledge.loading.glossary import load_glossary
from knowledge.loading.markdown import load_markdown
from knowledge.loading.slugs import slug_of
from knowledge.pages import Pages
from knowledge.readings import Readings
from knowledge.rows import digest
from knowledge.standing import standing_of_all

_BUNDLED: Mapping[str, Callable[[Path], Document]] = {
    "articles/*.md": lambda path: load_markdown(path, front_matter="required"),
    "faq/*.yaml": load_faq,
    "glossary/*.yaml": load_glossary,
    "events/*.yaml": lambda path: event_document(load_event(path), ""),
}
"""What reads each kind of file of the bundled shelf."""


class Skipped(Frozen):
    """A file of a folder that could not be read, and why; the others of its folder are known all the same."""

    origin: str
    reason: str


class Shelf:
    """All documents: the bundled ones in `content`, the user's, whose paths and URLs stand in `<home>/sources.json`,
    and those in the `watched` folders."""

    def __init__(self, content: Path, home: Path, watched: Sequence[Path] = ()) -> None:
        self._content = content
        self._list = home / "sources.json"
        self._pages = Pages(home / "pages")
        self._watched = tuple(watched)
        self._readings = Readings(home / "readings.sqlite")
        self._skipped: list[Skipped] = []
        self._invalid: list[DocumentInvalid] = []

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What the last look at the documents had to leave out."""
        return tuple(self._skipped)

    def added(self) -> tuple[str, ...]:
        """The paths and URLs the user added, in the order they came."""
        if not self._list.is_file():
            return ()
        return tuple(str(entry) for entry in json.loads(self._list.read_text(encoding="utf-8")))

    def add(self, sources: Sequence[str | Path], fetcher: Fetcher | None = None) -> list[Document]:
        """Remembers paths and URLs and returns their documents; `fetcher` is needed for URLs.

        Raises, with nothing remembered, if one cannot be fetched or read, or its slug is taken.
        """
        before = self.added()
        named = [_name(source) for source in sources]
        fetched = [source for source in named if _is_url(source)]
        try:
            for url in fetched:
                self._pages.fetch(url, _present(fetcher, url), datetime.now(tz=UTC))
            self._distinct([*dict.fromkeys([*before, *named])])
            documents = [document for source in named for document in self._documents_of(source)]
            if not documents:
                raise UnsupportedSource("; ".join(skipped.reason for skipped in self._skipped))
        except Exception:
            for url in fetched:
                if url not in before:
                    self._pages.forget(url)
            raise
        self._remember([*dict.fromkeys([*before, *named])])
        return documents

    def remove(self, sources: Sequence[str]) -> list[str]:
        """Forgets what was added as `sources` (a path, a URL, or the slug of its document); gives what was forgotten.

        Raises UnknownSource, with nothing forgotten, for what was not added.
        """
        before = self.added()
        gone = [self._added_as(source, before) for source in sources]
        self._remember([source for source in before if source not in gone])
        for source in gone:
            if _is_url(source):
                self._pages.forget(source)
        return gone

    def refresh(self, fetcher: Fetcher) -> list[Skipped]:
        """Asks the server of every added URL whether it changed; gives those that could not be asked."""
        failed = []
        for url in filter(_is_url, self.added()):
            try:
                self._pages.fetch(url, fetcher, datetime.now(tz=UTC))
            except UnsupportedSource as error:
                failed.append(Skipped(origin=url, reason=str(error)))
        return failed

    def events(self) -> tuple[Event, ...]:
        """Every event of the shelf, by date."""
        events = [load_event(path) for path in sorted((self._content / "events").glob("*.yaml"))]
        return tuple(sorted(events, key=lambda event: event.start))

    def documents(self) -> tuple[Document, ...]:
        """Every document, checked to have a slug of its own.

        Raises DocumentInvalid on the first fault; of a folder that was added or is watched, such files are skipped.
        """
        return self._distinct(self.added())

    def state(self) -> str | None:
        """Names what all documents were read from: the same only while a look at every file finds none changed.

        None while that cannot be said, because a file is so new that it may yet change unseen.
        """
        added = self.added()
        files = standing_of_all(self._files(added))
        return files and digest("\n".join([files, self._readings.loaders, *added, *map(str, self._watched)]))

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """Takes over what an earlier look at the same state had to leave out."""
        self._skipped = list(skipped)

    def faults(self) -> list[DocumentInvalid]:
        """Every file that breaks its format, where `documents` stops at the first or leaves it out of its folder."""
        self._skipped, self._invalid = [], []
        found = []
        for read in self._all_readings(self.added()):
            try:
                list(read())
            except DocumentInvalid as fault:
                found.append(fault)
        return [*found, *self._invalid]

    def _all_readings(self, added: Sequence[str]) -> Iterator[Callable[[], Iterable[Document]]]:
        """What reads each bundled file, and each source that was added or is watched."""
        yield from self._bundled_readings()
        for source in added:
            yield partial(self._documents_of, source)
        for folder in {folder.expanduser().resolve(): None for folder in self._watched}:
            if str(folder) not in added:
                yield partial(self._watched_folder, folder)

    def _distinct(self, added: Sequence[str]) -> tuple[Document, ...]:
        self._skipped, self._invalid = [], []
        documents = [document for read in self._all_readings(added) for document in read()]
        seen: dict[str, Document] = {}
        for document in documents:
            other = seen.get(document.slug)
            if other is not None and other.origin != document.origin:
                problem = f"slug '{document.slug}' is taken by {other.origin}"
                raise DocumentInvalid(Path(document.origin), 1, "file name", problem, "rename the file")
            seen[document.slug] = document
        self._readings.save()
        return tuple(seen.values())

    def _files(self, added: Sequence[str]) -> Iterator[Path]:
        """Every file that documents are read from."""
        for pattern in _BUNDLED:
            yield from sorted(self._content.glob(pattern))
        for source in added:
            path = self._pages.path(source) if _is_url(source) else Path(source)
            yield from files_in(path) if path.is_dir() else [path]
        for folder in self._watched:
            yield from files_in(folder.expanduser().resolve())

    def _bundled_readings(self) -> Iterator[Callable[[], Iterable[Document]]]:
        for pattern, load in _BUNDLED.items():
            for path in sorted(self._content.glob(pattern)):
                yield partial(self._bundled, path, load)

    def _bundled(self, path: Path, load: Callable[[Path], Document]) -> Iterator[Document]:
        for document in self._readings.read(path, lambda: (load(path),)):
            yield document.model_copy(update={"origin": str(path.relative_to(self._content))})

    def _read(self, path: Path, url: str | None = None) -> tuple[Document, ...]:
        try:
            return self._readings.read(path, lambda: load_file(path, url))
        except OSError as error:
            raise UnsupportedSource(f"{url or path} cannot be read: {error.strerror}") from error

    def _documents_of(self, source: str) -> Iterator[Document]:
        if _is_url(source):
            for document in self._read(self._pages.path(source), source):
                yield document.model_copy(update={"origin": source})
            return
        path = Path(source)
        if path.is_dir():
            yield from self._folder(path)
        elif path.is_file():
            yield from self._read(path)
        else:
            raise UnsupportedSource(f"{path} does not exist; check it, or run 'market-pulse knowledge remove {path}'")

    def _watched_folder(self, folder: Path) -> Iterator[Document]:
        """As below; nothing need be there yet."""
        if not folder.is_dir():
            raise UnsupportedSource(f"{folder} is no folder; correct MARKET_PULSE_KNOWLEDGE_WATCH, or make it")
        yield from self._read_all(folder, files_in(folder))

    def _folder(self, folder: Path) -> Iterator[Document]:
        """A folder's documents. Raises UnsupportedSource for one that holds no readable file."""
        files = files_in(folder)
        if not files:
            raise UnsupportedSource(f"{folder} holds no readable file; give {KINDS}")
        yield from self._read_all(folder, files)

    def _read_all(self, folder: Path, files: Sequence[Path]) -> Iterator[Document]:
        """Files of one name in several subfolders take the subfolder into their slug."""
        names = [slug_of(file.stem) for file in files]
        counts = Counter(names)
        for file, name in zip(files, names, strict=True):
            try:
                documents = self._read(file)
            except (UnsupportedSource, DocumentInvalid) as error:
                self._skipped.append(Skipped(origin=str(file), reason=str(error)))
                if isinstance(error, DocumentInvalid):
                    self._invalid.append(error)
                continue
            if counts[name] > 1 and len(documents) == 1:
                slug = slug_of(str(file.relative_to(folder)) if _twins(file, files) else str(_below(file, folder)))
                documents = (documents[0].model_copy(update={"slug": slug}),)
            yield from documents

    def _added_as(self, source: str, added: Sequence[str]) -> str:
        candidates = (source, _name(source))
        found = next((candidate for candidate in candidates if candidate in added), None)
        if found is not None:
            return found
        origins = [document.origin for document in self.documents() if source in (document.slug, document.origin)]
        found = next((origin for origin in origins if origin in added), None)
        if found is not None:
            return found
        if origins:
            remedy = "delete the file and run 'market-pulse knowledge sync', or remove the folder it was added with"
            raise UnknownSource(f"{source} was not added by itself but stands in {origins[0]}; {remedy}")
        raise UnknownSource(f"{source} was never added; 'market-pulse knowledge list' shows what is known")

    def _remember(self, sources: Sequence[str]) -> None:
        self._list.parent.mkdir(parents=True, exist_ok=True)
        draft = self._list.with_suffix(".tmp")
        draft.write_text(json.dumps(list(sources), indent=2), encoding="utf-8")
        draft.replace(self._list)


def _is_url(source: str) -> bool:
    return "://" in source


def _name(source: str | Path) -> str:
    text = str(source)
    return text if _is_url(text) else str(Path(text).expanduser().resolve())


def _below(file: Path, folder: Path) -> Path:
    return file.relative_to(folder).with_suffix("")


def _twins(file: Path, files: Sequence[Path]) -> bool:
    """Whether another file differs from this one only in its suffix."""
    return any(other != file and other.with_suffix("") == file.with_suffix("") for other in files)


def _present(fetcher: Fetcher | None, url: str) -> Fetcher:
    if fetcher is None:
        raise UnsupportedSource(f"{url}: no fetcher is here to read URLs; add a file")
    return fetcher
