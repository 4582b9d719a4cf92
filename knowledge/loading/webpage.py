"""Reads an HTML page: its main text by trafilatura, as Markdown, with title, author and date; navigation is left."""

import logging
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.document import Document, Source
from knowledge.errors import UnsupportedSource
from knowledge.loading.headings import sections_of
from knowledge.loading.hidden import comments_in, remove_hidden
from knowledge.loading.slugs import slug_of
from knowledge.quarantine import hidden_orders

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHORT = 200
"""Characters of main text below which a page is searched for all of its text: trafilatura wants paragraphs."""


def load_webpage(path: Path, url: str | None = None) -> Document:
    """One page. `url` is where it was fetched from, if it was.

    Raises UnsupportedSource for a page whose text is not in its HTML.
    """
    from trafilatura import load_html
    from trafilatura.metadata import extract_metadata

    markup = path.read_bytes()
    tree = load_html(markup)
    if tree is None:
        raise UnsupportedSource(f"{url or path} holds no HTML; check the file")
    described = extract_metadata(tree, default_url=url)
    hidden = [*comments_in(markup.decode("utf-8", "replace")), *remove_hidden(tree)]
    text = main_text(tree)
    title = described.title or path.stem
    sections = [section for section in sections_of(text) if section.text.strip()]
    if not sections:
        raise UnsupportedSource(
            f"{url or path} has no text in its HTML, perhaps because a script writes it; save the page as text"
        )
    updated = date.fromisoformat(described.date) if described.date else _modified(path)
    name = described.sitename or path.name
    return Document(
        slug=slug_of(path.stem),
        kind="article",
        title=title,
        topic="added",
        updated=updated,
        author=described.author or None,
        sources=(Source(name=name.ljust(2), url=url, date=described.date or None),),
        origin=url or str(path),
        sections=tuple(sections),
        remarks=hidden_orders(hidden),
    )


def main_text(tree: "HtmlElement") -> str:
    """The tree's main text as Markdown: headings, lists and tables kept, links and images left out."""
    from trafilatura import extract, html2txt

    # Its warnings repeat what `load_webpage` raises.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = extract(
        tree,
        output_format="markdown",
        include_comments=False,
        include_formatting=True,
        include_tables=True,
        include_links=False,
        include_images=False,
        favor_recall=True,
        with_metadata=False,
    )
    found = str(text or "")
    if len(found) >= _SHORT:
        return found
    whole = str(html2txt(tree) or "")
    return whole if len(whole) > 2 * len(found) else found


def _modified(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
