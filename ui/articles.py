"""One document of the library put together from its passages, as Markdown for programs that read it whole."""

from collections.abc import Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from knowledge.document import Kind, Passage, Source
from knowledge.index import Index
from ui.errors import UnknownArticle


class Article(BaseModel):
    """A document with its text as Markdown and where it comes from."""

    model_config = ConfigDict(frozen=True)

    slug: str
    title: str
    kind: Kind
    topic: str
    updated: str
    sources: tuple[Source, ...]
    text: str


class Listed(BaseModel):
    """A document by its title."""

    model_config = ConfigDict(frozen=True)

    slug: str
    title: str
    kind: Kind


def listed(index: Index) -> Sequence[Listed]:
    """Every document in the index, by slug."""
    firsts = {passage.slug: passage for passage in index.passages()}
    return [Listed(slug=slug, title=one.title, kind=one.kind) for slug, one in sorted(firsts.items())]


def article(index: Index, slug: str) -> Article:
    """The document with this slug. Raises UnknownArticle."""
    passages = sorted((one for one in index.passages() if one.slug == slug), key=lambda one: one.position)
    if not passages:
        raise UnknownArticle(slug)
    first = passages[0]
    sources = {source.model_dump_json(): source for passage in passages for source in passage.sources}
    return Article(
        slug=slug,
        title=first.title,
        kind=first.kind,
        topic=first.topic,
        updated=max(passage.updated for passage in passages).isoformat(),
        sources=tuple(sources.values()),
        text=_markdown(first.title, passages),
    )


def _markdown(title: str, passages: Sequence[Passage]) -> str:
    """A section that was cut to fit the embedder is one section again."""
    lines = [f"# {title}"]
    for headings, parts in groupby(passages, key=lambda passage: passage.headings):
        if headings:
            lines.append(f"## {': '.join(headings)}")
        lines.append("\n\n".join(part.text for part in parts))
    return "\n\n".join(lines) + "\n"
