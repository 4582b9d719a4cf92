"""Reads a PDF page by page: each page with text is a section that knows its number; pages that are images are named."""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.document import Document, Section, Source
from knowledge.errors import UnsupportedSource
from knowledge.loading.pagetext import heading_of, readable, without_running_lines
from knowledge.loading.slugs import slug_of
from knowledge.loading.spaces import correct_spaces

if TYPE_CHECKING:
    from pypdf import PdfReader

_SPARSE = 12
"""Characters below which a page holds at most its number."""


def load_pdf(path: Path, url: str | None = None) -> Document:
    """One document. Raises UnsupportedSource for a file that is damaged, locked or holds no text at all."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # Damage that pypdf reads around is no news to the user; what it cannot read is raised.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    name = url or str(path)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnsupportedSource(f"{name} is locked with a password; unlock it and add it again")
        texts = without_running_lines([_text(reader, number) for number in range(len(reader.pages))])
        outline = _outline(reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnsupportedSource(f"{name} cannot be read as PDF ({error}); save it anew and add it again") from error
    empty = [number for number, text in enumerate(texts, start=1) if len(text.strip()) < _SPARSE]
    sections = tuple(_sections(texts, outline))
    if not sections:
        raise UnsupportedSource(f"{name} holds only images, no text; run it through OCR and add it again")
    title = _title(reader, path)
    return Document(
        slug=slug_of(path.stem),
        kind="article",
        title=title,
        topic="added",
        updated=_day(reader) or datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date(),
        author=_metadata(reader, "author"),
        sources=(Source(name=title.ljust(2), url=url),),
        origin=name,
        sections=sections,
        remarks=(f"no text on {_pages(empty)}: blank, or an image that needs OCR",) if empty else (),
    )


def _text(reader: "PdfReader", number: int) -> str:
    """The page in reading order; where that tears table rows apart, by its lines as they stand on the page."""
    page = reader.pages[number]
    correct_spaces(page)
    text = page.extract_text()
    if _torn(text):
        text = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False) or text
    return text


def _torn(text: str) -> bool:
    """Whether a table came out one cell a line: a third of the lines are single numbers."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    numbers = sum(
        len(line.split()) <= 2 and any(c.isdigit() for c in line) and not line[-1].isalpha() for line in lines
    )
    return len(lines) >= 12 and numbers > len(lines) / 3


def _sections(texts: list[str], outline: Mapping[int, tuple[str, ...]]) -> Iterator[Section]:
    current: tuple[str, ...] = ()
    for number, text in enumerate(texts, start=1):
        current = outline.get(number, current)
        if len(text.strip()) < _SPARSE:
            continue
        heading = heading_of(text)
        headings = tuple(dict.fromkeys((*current, *((heading,) if heading else ()))))
        yield Section(anchor=f"page-{number}", headings=headings, text=readable(text), page=number)


def _outline(reader: "PdfReader") -> dict[int, tuple[str, ...]]:
    """For each 1-based page on which something of the outline begins: the path to the last that does."""
    from pypdf.errors import PyPdfError

    paths: dict[int, tuple[str, ...]] = {}

    def walk(entries: list[object], above: tuple[str, ...]) -> None:
        last = above
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, last)
                continue
            title = " ".join(str(getattr(entry, "title", "")).split())
            try:
                page = reader.get_destination_page_number(entry)  # type: ignore[arg-type]  # an outline's entries are destinations
            except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
                page = None
            last = (*above, title[:80]) if title else above
            if page is not None and page >= 0 and title:
                paths[page + 1] = last[-2:]

    walk(list(reader.outline), ())
    return paths


def _title(reader: "PdfReader", path: Path) -> str:
    """The file's name says what a collection calls it; the title inside is often that of a template."""
    own = _metadata(reader, "title")
    name = " ".join(path.stem.replace("_", " ").replace("-", " ").split())
    if not own or slug_of(own) == slug_of(name) or own.lower().endswith((".doc", ".docx", ".indd", ".pdf", ".tex")):
        return name
    return f"{name}: {own}"


def _metadata(reader: "PdfReader", field: str) -> str | None:
    found = getattr(reader.metadata, field, None) if reader.metadata else None
    return " ".join(str(found).split())[:120] or None if found else None


def _day(reader: "PdfReader") -> date | None:
    try:
        moment = reader.metadata.creation_date if reader.metadata else None
    except ValueError:
        return None
    return moment.date() if moment else None


def _pages(numbers: list[int]) -> str:
    """`page 3`, `pages 3, 5 to 8`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return ("page " if len(numbers) == 1 else "pages ") + ", ".join(words)
