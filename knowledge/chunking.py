"""Cuts sections into passages that fit the embedder, measured in its own tokens so that nothing is cut silently."""

from collections.abc import Callable, Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from knowledge.document import Document, Passage, Section

CHUNKER = "sections-v1"
"""Recorded with the index; change it whenever equal documents would give other passages."""

TokenCount = Callable[[str], int]


def passages_of(document: Document, count_tokens: TokenCount, max_tokens: int) -> Iterator[Passage]:
    """The document's passages in reading order, ids `slug#anchor`, `slug#anchor-part-2`, ..."""
    for section in document.sections:
        heading = ": ".join((document.title, *section.headings))
        room = max(32, max_tokens - count_tokens(heading))
        for part, text in enumerate(_pieces(section, count_tokens, room), start=1):
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
            )


def _pieces(section: Section, count_tokens: TokenCount, room: int) -> list[str]:
    # A curated FAQ answer or definition is quoted whole, so it is one passage however long it is; its
    # questions are what finds it.
    if section.questions or count_tokens(section.text) <= room:
        return [section.text]
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=room,
        chunk_overlap=0,
        length_function=count_tokens,
        separators=["\n\n", "\n", r"(?<=[.!?])\s+", " "],
        is_separator_regex=True,
        keep_separator="end",
    )
    return [piece.strip() for piece in splitter.split_text(section.text) if piece.strip()]
