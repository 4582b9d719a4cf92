"""Reads a FAQ file: question, its alternate phrasings, and the curated answer."""

from datetime import date
from pathlib import Path

from pydantic import Field

from knowledge.document import Document, Frozen, Section, Source
from knowledge.loading.yaml_lines import read_yaml


class _Entry(Frozen):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    question: str = Field(min_length=5)
    alternates: tuple[str, ...] = Field(min_length=2)
    premises: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    answer: str = Field(min_length=20)
    sources: tuple[Source, ...] = ()


class _FaqFile(Frozen):
    title: str
    topic: str
    updated: date
    entries: tuple[_Entry, ...] = Field(min_length=1)


def load_faq(path: Path) -> Document:
    """One FAQ page; every entry is a section whose questions are vectors of their own.

    Raises DocumentInvalid for a missing field or an entry with fewer than two alternates.
    """
    page = read_yaml(_FaqFile, path.read_text(encoding="utf-8"), path)
    return Document(
        slug=f"faq-{path.stem}",
        kind="faq",
        title=page.title,
        topic=page.topic,
        updated=page.updated,
        origin=str(path),
        sections=tuple(
            Section(
                anchor=entry.id,
                headings=(entry.question,),
                text=entry.answer.strip(),
                questions=(entry.question, *entry.alternates),
                premises=entry.premises,
                truths=entry.truths,
                sources=entry.sources,
            )
            for entry in page.entries
        ),
    )
