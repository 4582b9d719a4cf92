"""How the documents stand in Learn: by kind, articles by topic, glossary terms by their first letter."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.document import Document, Section


@dataclass(frozen=True)
class Shelves:
    """The documents by what they are; `topics` holds the articles, the largest topic first, as the glossaries are."""

    topics: Mapping[str, Sequence[Document]]
    faqs: Sequence[Document]
    glossaries: Sequence[Document]


def shelves(documents: Sequence[Document]) -> Shelves:
    """Articles by topic, then FAQ pages and glossaries; crashes have a page of their own."""
    topics: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.kind == "article":
            topics[topic_in_words(document.topic)].append(document)
    largest_first = sorted(topics.items(), key=lambda item: (-len(item[1]), item[0]))
    return Shelves(
        topics=dict(largest_first),
        faqs=[document for document in documents if document.kind == "faq"],
        glossaries=sorted(
            (document for document in documents if document.kind == "glossary"),
            key=lambda document: -len(document.sections),
        ),
    )


def topic_in_words(topic: str) -> str:
    """`Open interest` from open-interest; an event's topic is named by its day.

    >>> topic_in_words("open-interest"), topic_in_words("event-2025-11-04")
    ('Open interest', 'Event 2025-11-04')
    """
    kind, _, rest = topic.partition("-")
    words = f"{kind} {rest}" if kind == "event" else topic.replace("-", " ")
    return words[:1].upper() + words[1:]


def glossary_by_letter(document: Document) -> Mapping[str, Sequence[Section]]:
    """The terms of a glossary under their first letter, in order of the alphabet."""
    letters: dict[str, list[Section]] = defaultdict(list)
    for section in sorted(document.sections, key=lambda section: section.headings[-1].casefold()):
        letters[section.headings[-1][0].upper()].append(section)
    return letters
