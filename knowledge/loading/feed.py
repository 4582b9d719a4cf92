"""Reads an RSS or Atom feed: each entry is an article of its own, dated, with a link to where it stands."""

import html
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.document import Document, Source
from knowledge.errors import UnsupportedSource
from knowledge.loading.headings import sections_of
from knowledge.loading.hidden import remove_hidden
from knowledge.loading.slugs import slug_of
from knowledge.loading.webpage import main_text
from knowledge.quarantine import hidden_orders

if TYPE_CHECKING:
    from feedparser import FeedParserDict


def load_feed(path: Path, url: str | None = None) -> tuple[Document, ...]:
    """One document for each entry that has a text. Raises UnsupportedSource for a file that is no feed, or is empty."""
    import feedparser

    # Sanitising is left to `remove_hidden`, which also says what it found.
    feed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version:
        raise UnsupportedSource(f"{url or path} is neither RSS nor Atom; give the address of a feed")
    publisher = html.unescape(feed.feed.get("title") or path.stem)
    documents: dict[str, Document] = {}
    for entry in feed.entries:
        document = _article(entry, publisher, path, url)
        if document is None:
            continue
        slug, count = document.slug, 2
        while slug in documents:
            slug, count = f"{document.slug}-{count}", count + 1
        documents[slug] = document.model_copy(update={"slug": slug})
    if not documents:
        raise UnsupportedSource(f"{url or path} is a feed without a text in any entry; add the pages it links to")
    return tuple(documents.values())


def _article(entry: "FeedParserDict", publisher: str, path: Path, url: str | None) -> Document | None:
    from lxml import html as lxml_html

    contents = [part.get("value", "") for part in entry.get("content", [])]
    markup = max([*contents, entry.get("summary", "")], key=len)
    if not markup.strip():
        return None
    tree = lxml_html.fromstring(f"<html><body><article>{markup}</article></body></html>")
    hidden = remove_hidden(tree)
    sections = sections_of(main_text(tree))
    if not sections:
        return None
    day = _day(entry["updated_parsed"] if "updated_parsed" in entry else entry.get("published_parsed"))
    title = " ".join(html.unescape(entry.get("title") or sections[0].text[:60]).split())
    link = entry.get("link", "")
    source = {"name": publisher.ljust(2), "url": link if "://" in link else None, "date": day and day.isoformat()}
    return Document(
        slug=slug_of(f"{path.stem} {title}"[:90]),
        kind="article",
        title=title,
        topic="added",
        updated=day or datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date(),
        author=entry.get("author") or None,
        sources=(Source.model_validate(source),),
        origin=url or str(path),
        sections=tuple(sections),
        remarks=hidden_orders(hidden),
    )


def _day(moment: time.struct_time | None) -> date | None:
    return date(*moment[:3]) if moment else None
