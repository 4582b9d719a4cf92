"""Reads a Markdown or plain-text file as an article: front matter, headings, sections."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.document import Document, Frozen, Level, Source
from knowledge.errors import DocumentInvalid
from knowledge.loading.headings import HEADING, sections_of
from knowledge.loading.slugs import slug_of
from knowledge.loading.yaml_lines import read_yaml

_OURS = frozenset({"topic", "level", "updated", "sources"})
_THEIRS = frozenset({"author", "categories", "date", "description", "draft", "layout", "permalink", "slug", "tags"})
"""Fields of the common site builders (Hugo, Jekyll, Pelican, Docusaurus)."""


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
    matter, body, body_line = _split_front_matter(path.read_text(encoding="utf-8"), path)
    if matter is None and front_matter == "required":
        raise DocumentInvalid(path, 1, "front matter", "is missing", "begin the file with a line of three dashes")
    sections = sections_of(body)
    if not sections:
        raise DocumentInvalid(path, body_line, "body", "has no text", "write the article under the front matter")
    document = Document(
        slug=slug_of(path.stem),
        kind="article",
        title=path.stem,
        topic="added",
        updated=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date(),
        sources=(Source(name=path.name),),
        origin=str(path),
        sections=tuple(sections),
    )
    if isinstance(matter, _FrontMatter):
        fields = ("title", "topic", "level", "updated", "sources")
        return document.model_copy(update={field: getattr(matter, field) for field in fields})
    heading = next((line for line in body.splitlines() if HEADING.match(line)), path.stem)
    own = {"title": heading.strip("# ").replace("_", " ") or path.stem}
    return document.model_copy(update=own | (matter.known() if matter else {}))


class _Foreign(BaseModel):
    """Front matter of another program: what is understood of it is taken, the rest is left."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str | None = None
    author: str | None = None
    date: datetime | date | None = None

    def known(self) -> dict[str, object]:
        day = self.date.date() if isinstance(self.date, datetime) else self.date
        fields = {"title": self.title, "author": self.author, "updated": day}
        return {name: value for name, value in fields.items() if value}


def _split_front_matter(text: str, path: Path) -> tuple[_FrontMatter | _Foreign | None, str, int]:
    """The front matter (None if the file has none), the body, and the body's first line number."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return None, text, 1
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        raise DocumentInvalid(path, 1, "front matter", "is not closed", "end it with a line of three dashes")
    block, body = "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])
    foreign = _foreign(block)
    if foreign is not None:
        return foreign, body, end + 2
    return read_yaml(_FrontMatter, block, path, first_line=2), body, end + 2


def _foreign(block: str) -> _Foreign | None:
    """The block as another program's, which it is if it has a field of theirs and none that only we have."""
    try:
        fields = yaml.safe_load(block)
        if isinstance(fields, dict) and _THEIRS & set(fields) and not _OURS & set(fields):
            return _Foreign.model_validate(fields)
    except (yaml.YAMLError, ValidationError):
        return None
    return None
