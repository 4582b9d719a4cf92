"""Reads the glossary: terms, their aliases and definitions."""

from datetime import date
from pathlib import Path

from pydantic import Field

from knowledge.document import Document, Frozen, Section, Source
from knowledge.loading.yaml_lines import read_yaml


class _Term(Frozen):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    term: str
    aliases: tuple[str, ...] = ()
    definition: str = Field(min_length=20)
    sources: tuple[Source, ...] = ()


class _GlossaryFile(Frozen):
    title: str
    topic: str = "glossary"
    updated: date
    entries: tuple[_Term, ...] = Field(min_length=1)


def load_glossary(path: Path) -> Document:
    """The glossary; a term is found by its name, each alias, and as a question.

    Raises DocumentInvalid for a missing field or an empty definition.
    """
    page = read_yaml(_GlossaryFile, path.read_text(encoding="utf-8"), path)
    return Document(
        slug=path.stem,
        kind="glossary",
        title=page.title,
        topic=page.topic,
        updated=page.updated,
        origin=str(path),
        sections=tuple(
            Section(
                anchor=entry.id,
                headings=(entry.term,),
                text=entry.definition.strip(),
                questions=tuple(f"What is {name}?" for name in (entry.term, *entry.aliases)),
                sources=entry.sources,
            )
            for entry in page.entries
        ),
    )
