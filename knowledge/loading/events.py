"""Reads an event file, as the Event with its figures and as a Document that can be searched."""

from pathlib import Path

from knowledge.document import Document, Section, Source
from knowledge.figures import Event
from knowledge.loading.slugs import slug_of
from knowledge.loading.yaml_lines import read_yaml


def load_event(path: Path) -> Event:
    """One event. Raises DocumentInvalid with file, line and field when the file breaks the format."""
    return read_yaml(Event, path.read_text(encoding="utf-8"), path)


def event_document(event: Event, origin: str) -> Document:
    """The event's own words as sections; its figures stay figures and are not embedded."""
    names = (event.name, *event.aliases)
    short = names[:3]
    parts = [
        ("what-happened", "What happened", (event.summary,), _asked("What happened in the {}?", names)),
        ("causes", "Causes", event.causes, _asked("What caused the {}?", short)),
        ("what-followed", "What followed", event.aftermath, _asked("What happened after the {}?", short)),
        ("where-sources-disagree", "Where sources disagree", event.conflicts, ()),
    ]
    return Document(
        slug=slug_of(event.id),
        kind="event",
        title=event.name,
        topic="history",
        updated=event.updated,
        sources=_distinct_sources(event),
        origin=origin,
        sections=tuple(
            Section(anchor=anchor, headings=(heading,), text=" ".join(sentences), questions=questions)
            for anchor, heading, sentences, questions in parts
            if sentences
        ),
    )


def _asked(pattern: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(pattern.format(name) for name in names)


def _distinct_sources(event: Event) -> tuple[Source, ...]:
    by_name = {figure.source: figure for figure in reversed(event.figures)}
    return tuple(
        Source(name=name, url=figure.source_url, date=figure.source_date) for name, figure in sorted(by_name.items())
    )
