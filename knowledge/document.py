"""The nouns of what we know: Document, Section and Passage. Loading and embedding them is done elsewhere."""

import hashlib
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

Kind = Literal["article", "faq", "glossary", "event"]
Level = Literal["beginner", "intermediate", "advanced"]


class Frozen(BaseModel):
    """Immutable data that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Frozen):
    """Where a statement comes from. `url` is None where the only copy stands on a host we do not link."""

    name: str = Field(min_length=2)
    url: HttpUrl | None = None
    date: str | None = Field(default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")


class Section(Frozen):
    """One part of a document: its heading path (without the title), anchor and text.

    `questions` are the phrasings that ask for exactly this section; each becomes a vector of its own.
    `premises` are what people wrongly take for granted, as they say it; the section's first sentence corrects it.
    `truths` are what they say of the same thing and have right, so that nobody is corrected for it.
    """

    anchor: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    headings: tuple[str, ...] = ()
    text: str = Field(min_length=1)
    questions: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    page: int | None = None
    """1-based page of a PDF."""


class Document(Frozen):
    """A whole article, FAQ page, glossary or event."""

    slug: str = Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$")
    kind: Kind
    title: str
    topic: str
    level: Level = "beginner"
    updated: date
    author: str | None = None
    sources: tuple[Source, ...] = ()
    origin: str
    """The file or URL as it was added."""
    sections: tuple[Section, ...] = Field(min_length=1)
    remarks: tuple[str, ...] = ()
    """What the loader left out, and why: "page 3 has no text, only an image"."""


class Passage(Frozen):
    """What is embedded and cited: a piece of a section that fits the embedder, under a stable id."""

    id: str
    slug: str
    anchor: str
    kind: Kind
    title: str
    headings: tuple[str, ...]
    text: str
    questions: tuple[str, ...]
    topic: str
    updated: date
    sources: tuple[Source, ...]
    origin: str
    page: int | None = None
    premises: tuple[str, ...] = ()
    """What people wrongly take for granted and this passage corrects; compiled for the judge, not searched."""
    truths: tuple[str, ...] = ()
    position: int = 0
    """Place in its document: the passages one before and one after are its neighbours."""

    @property
    def place(self) -> str:
        """Title and heading path."""
        return ": ".join((self.title, *self.headings))

    @property
    def embedded_text(self) -> str:
        """The place before the text: a passage carries it into its vector."""
        return f"{self.place}\n{self.text}"

    @property
    def content_hash(self) -> str:
        """Hash of everything the index stores of this passage; equal hashes need no new embedding."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]
