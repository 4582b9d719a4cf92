"""Reads a Markdown or plain-text file as an article: front matter, headings, sections."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from knowledge.document import Document, Frozen, Level, Section, Source
from knowledge.errors import DocumentInvalid
from knowledge.loading.slugs import slug_of
from knowledge.loading.yaml_lines import read_yaml

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


class _FrontMatter(Frozen):
    title: str = Field(min_length=3)
    topic: str
    level: Level = "beginner"
    updated: date
    sources: tuple[Source, ...] = Field(min_length=1)


def load_markdown(path: Path, *, front_matter: Literal["required", "optional"] = "optional") -> Document:
    """One article. The bundled shelf requires front matter; users' own files may do without.

    Raises DocumentInvalid for front matter that is missing, not closed or wrong, or a file without text.
    """
    text = path.read_text(encoding="utf-8")
    matter, body, body_line = _split_front_matter(text, path)
    if matter is None and front_matter == "required":
        raise DocumentInvalid(path, 1, "front matter", "is missing", "begin the file with a line of three dashes")
    sections = list(_sections(body))
    if not sections:
        raise DocumentInvalid(path, body_line, "body", "has no text", "write the article under the front matter")
    if matter is None:
        modified = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
        heading = next((line for line in body.splitlines() if _HEADING.match(line)), path.stem)
        matter = _FrontMatter(
            title=heading.lstrip("# ").strip().replace("_", " ") or path.stem,
            topic="added",
            updated=modified,
            sources=(Source(name=path.name),),
        )
    return Document(
        slug=slug_of(path.stem),
        kind="article",
        title=matter.title,
        topic=matter.topic,
        level=matter.level,
        updated=matter.updated,
        sources=matter.sources,
        origin=str(path),
        sections=tuple(sections),
    )


def _split_front_matter(text: str, path: Path) -> tuple[_FrontMatter | None, str, int]:
    """The validated front matter (None if the file has none), the body, and the body's first line number."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return None, text, 1
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        raise DocumentInvalid(path, 1, "front matter", "is not closed", "end it with a line of three dashes")
    matter = read_yaml(_FrontMatter, "\n".join(lines[1:end]), path, first_line=2)
    return matter, "\n".join(lines[end + 1 :]), end + 2


def _sections(body: str) -> list[Section]:
    """The text under each heading; text before the first heading has the anchor `introduction`."""
    found: list[Section] = []
    path: list[tuple[int, str]] = []
    buffer: list[str] = []
    used: dict[str, int] = {}
    fenced = False

    def close() -> None:
        text = "\n".join(buffer).strip()
        buffer.clear()
        if not text:
            return
        headings = tuple(heading for _, heading in path)
        anchor = slug_of(headings[-1]) if headings else "introduction"
        used[anchor] = used.get(anchor, 0) + 1
        if used[anchor] > 1:
            anchor = f"{anchor}-{used[anchor]}"
        found.append(Section(anchor=anchor, headings=headings, text=text))

    for line in body.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            buffer.append(line)
            continue
        close()
        level, title = len(heading[1]), heading[2]
        path = [(depth, name) for depth, name in path if depth < level]
        if level > 1:
            path.append((level, title))
    close()
    return found
