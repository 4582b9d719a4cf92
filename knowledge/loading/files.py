"""Chooses the loader for a file by its name, and finds the readable files of a folder."""

from pathlib import Path

from knowledge.document import Document
from knowledge.errors import UnsupportedSource
from knowledge.loading.faq import load_faq
from knowledge.loading.feed import load_feed
from knowledge.loading.markdown import load_markdown
from knowledge.loading.pairs import load_pairs
from knowledge.loading.pdf import load_pdf
from knowledge.loading.webpage import load_webpage
from knowledge.quarantine import quarantined

READABLE = frozenset(
    {".md", ".markdown", ".txt", ".yaml", ".yml", ".html", ".htm", ".xhtml", ".pdf", ".csv", ".json"}
    | {".xml", ".rss", ".atom"}
)
KINDS = "Markdown, plain text, HTML, PDF, RSS or Atom, CSV or JSON of questions and answers, or a FAQ in YAML"


def load_file(path: Path, url: str | None = None) -> tuple[Document, ...]:
    """The documents in one file, without what gives orders to programs; `url` is where it was fetched from, if it was.

    Raises UnsupportedSource or DocumentInvalid for a file that is of no known kind, or that breaks its own.
    """
    return tuple(quarantined(document) for document in _loaded(path, url))


def _loaded(path: Path, url: str | None) -> tuple[Document, ...]:
    try:
        match path.suffix.lower():
            case ".md" | ".markdown" | ".txt":
                return (load_markdown(path),)
            case ".yaml" | ".yml":
                return (load_faq(path),)
            case ".html" | ".htm" | ".xhtml":
                return (load_webpage(path, url),)
            case ".pdf":
                return (load_pdf(path, url),)
            case ".csv" | ".json":
                return (load_pairs(path),)
            case ".xml" | ".rss" | ".atom":
                return load_feed(path, url)
            case suffix:
                raise UnsupportedSource(f"{url or path}: no loader for '{suffix}' files; give {KINDS}")
    except UnicodeDecodeError as error:
        raise UnsupportedSource(f"{url or path} is not UTF-8 text; save it as UTF-8") from error


def files_in(folder: Path) -> list[Path]:
    """The readable files of a folder and its subfolders, by path; hidden ones are left."""
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in READABLE
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        and file.is_file()
    ]
