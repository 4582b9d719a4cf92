"""Which files are known: the bundled shelf and what a user added, loaded into Documents and Events."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.document import Document
from knowledge.errors import DocumentInvalid, UnsupportedSource
from knowledge.figures import Event
from knowledge.loading.events import event_document, load_event
from knowledge.loading.faq import load_faq
from knowledge.loading.glossary import load_glossary
from knowledge.loading.markdown import load_markdown

READABLE = (".md", ".markdown", ".txt")


class Shelf:
    """All documents: the bundled ones in `content`, and the user's, whose paths stand in `<home>/sources.json`."""

    def __init__(self, content: Path, home: Path) -> None:
        self._content = content
        self._list = home / "sources.json"

    def added(self) -> tuple[Path, ...]:
        """The files and folders the user added, in the order they came."""
        if not self._list.is_file():
            return ()
        return tuple(Path(entry) for entry in json.loads(self._list.read_text(encoding="utf-8")))

    def add(self, paths: list[Path]) -> list[Document]:
        """Remembers `paths` and returns their documents.

        Raises, with nothing remembered, if one cannot be read or its slug is taken.
        """
        absolute = [path.expanduser().resolve() for path in paths]
        remembered = tuple(dict.fromkeys([*self.added(), *absolute]))
        self._distinct(remembered)
        documents = [document for path in absolute for document in _user_documents(path)]
        self._list.parent.mkdir(parents=True, exist_ok=True)
        draft = self._list.with_suffix(".tmp")
        draft.write_text(json.dumps([str(path) for path in remembered], indent=2), encoding="utf-8")
        draft.replace(self._list)
        return documents

    def events(self) -> tuple[Event, ...]:
        """Every event of the shelf, by date."""
        events = [load_event(path) for path in sorted((self._content / "events").glob("*.yaml"))]
        return tuple(sorted(events, key=lambda event: event.start))

    def documents(self) -> tuple[Document, ...]:
        """Every document, checked to have a slug of its own. Raises DocumentInvalid on the first fault."""
        return self._distinct(self.added())

    def _distinct(self, added: Sequence[Path]) -> tuple[Document, ...]:
        documents = [*self._bundled(), *(doc for path in added for doc in _user_documents(path))]
        seen: dict[str, Document] = {}
        for document in documents:
            if document.slug in seen:
                problem = f"slug '{document.slug}' is taken by {seen[document.slug].origin}"
                raise DocumentInvalid(Path(document.origin), 1, "file name", problem, "rename the file")
            seen[document.slug] = document
        return tuple(documents)

    def _bundled(self) -> Iterator[Document]:
        for path in sorted((self._content / "articles").glob("*.md")):
            article = load_markdown(path, front_matter="required")
            yield article.model_copy(update={"origin": f"articles/{path.name}"})
        for path in sorted((self._content / "faq").glob("*.yaml")):
            yield load_faq(path).model_copy(update={"origin": f"faq/{path.name}"})
        for path in sorted((self._content / "glossary").glob("*.yaml")):
            yield load_glossary(path).model_copy(update={"origin": f"glossary/{path.name}"})
        for path in sorted((self._content / "events").glob("*.yaml")):
            yield event_document(load_event(path), f"events/{path.name}")


def _user_documents(path: Path) -> Iterator[Document]:
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith(".")]
        readable = [file for file in files if file.suffix.lower() in (*READABLE, ".yaml", ".yml")]
        if not readable:
            raise UnsupportedSource(f"{path} holds no .md, .txt or FAQ .yaml file; add one or name another folder")
        for file in readable:
            yield _load(file)
    elif path.is_file():
        yield _load(path)
    else:
        raise UnsupportedSource(f"{path} does not exist; check the path, or remove it from sources.json in the home")


def _load(path: Path) -> Document:
    suffix = path.suffix.lower()
    try:
        if suffix in READABLE:
            return load_markdown(path)
        if suffix in (".yaml", ".yml"):
            return load_faq(path)
    except UnicodeDecodeError as error:
        raise UnsupportedSource(f"{path} is not UTF-8 text; save it as UTF-8") from error
    raise UnsupportedSource(f"{path}: no loader for '{suffix}' files; give Markdown, plain text or a FAQ in YAML")
