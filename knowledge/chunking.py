"""Cuts sections into passages that fit the embedder, measured in its own tokens so that nothing is cut silently."""

from collections.abc import Callable, Iterator

from knowledge.blocks import pieces
from knowledge.document import Document, Passage, Section

CHUNKER = "blocks-v2"
"""Recorded with the index; change it whenever equal documents would give other passages."""

TokenCount = Callable[[str], int]

_LEAST = 48
"""Tokens that a passage keeps for its text, however long its headings are."""


def passages_of(document: Document, count_tokens: TokenCount, max_tokens: int) -> Iterator[Passage]:
    """The document's passages in reading order, ids `slug#anchor`, `slug#anchor-part-2`, ..."""
    position = 0
    for section in document.sections:
        room = _room(document.title, section.headings, count_tokens, max_tokens)
        for part, text in enumerate(_texts(section, count_tokens, room), start=1):
            anchor = section.anchor if part == 1 else f"{section.anchor}-part-{part}"
            yield Passage(
                id=f"{document.slug}#{anchor}",
                slug=document.slug,
                anchor=anchor,
                kind=document.kind,
                title=document.title,
                headings=section.headings,
                text=text,
                questions=section.questions if part == 1 else (),
                topic=document.topic,
                updated=document.updated,
                sources=section.sources or document.sources,
                origin=document.origin,
                page=section.page,
                premises=section.premises if part == 1 else (),
                truths=section.truths if part == 1 else (),
                position=position,
            )
            position += 1


def embedded_texts(passage: Passage, count_tokens: TokenCount, max_tokens: int) -> list[str]:
    """What is embedded of a passage: one text, or several where it is longer than the embedder reads."""
    place = passage.place
    room = _room(passage.title, passage.headings, count_tokens, max_tokens)
    while count_tokens(place) > max_tokens - _LEAST:
        place = place[: int(len(place) * 0.8)]
    return [f"{place}\n{text}" for text in pieces(passage.text, count_tokens, room)]


def _texts(section: Section, count_tokens: TokenCount, room: int) -> list[str]:
    # A curated FAQ answer or definition is quoted whole, so it is one passage however long it is.
    return [section.text] if section.questions else pieces(section.text, count_tokens, room)


def _room(title: str, headings: tuple[str, ...], count_tokens: TokenCount, max_tokens: int) -> int:
    return max(_LEAST, max_tokens - count_tokens(": ".join((title, *headings))))
