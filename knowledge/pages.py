"""Keeps the copies of fetched URLs, so that the index can be built again without the network."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from knowledge.document import Frozen
from knowledge.errors import UnsupportedSource
from knowledge.fetching.fetcher import Fetched, Fetcher
from knowledge.loading.files import load_file
from knowledge.loading.slugs import slug_of

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
}


class Page(Frozen):
    """One kept copy: the file beside its record, where it came from and what to ask the server next time."""

    url: str
    file: str
    media_type: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None


class Pages:
    """The copies in `folder`, one file and one record for each URL."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, url: str) -> Path:
        """The kept file. Raises UnsupportedSource if there is none."""
        page = self._page(url)
        if page is None:
            raise UnsupportedSource(f"the copy of {url} is missing; run 'market-pulse knowledge add {url}'")
        return self._folder / page.file

    def fetch(self, url: str, fetcher: Fetcher, now: datetime) -> bool:
        """Brings the copy of `url` up to date and says whether it changed.

        Raises what fetching and loading raise; a copy that was there then stays as it was.
        """
        known = self._page(url)
        fetched = fetcher.fetch(url, known.etag, known.last_modified) if known else fetcher.fetch(url)
        if fetched.unchanged:
            return False
        name = _name(url)
        file = name + _suffix(fetched)
        draft = self._folder / "drafts" / file
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(fetched.body)
            load_file(draft, url)
            changed = known is None or (self._folder / known.file).read_bytes() != fetched.body
            if changed:
                draft.replace(self._folder / file)
        finally:
            draft.unlink(missing_ok=True)
        page = Page(
            url=url,
            file=file,
            media_type=fetched.media_type,
            fetched_at=now,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
        )
        record = draft.with_suffix(".record")
        record.write_text(page.model_dump_json(indent=2), encoding="utf-8")
        record.replace(self._record(url))
        return changed

    def forget(self, url: str) -> None:
        """Removes the copy, if there is one."""
        page = self._page(url)
        if page:
            (self._folder / page.file).unlink(missing_ok=True)
            self._record(url).unlink(missing_ok=True)

    def _page(self, url: str) -> Page | None:
        record = self._record(url)
        return Page.model_validate_json(record.read_text(encoding="utf-8")) if record.is_file() else None

    def _record(self, url: str) -> Path:
        return self._folder / f"{_name(url)}.record"


def _name(url: str) -> str:
    """Two addresses that differ only in what a name cannot hold would share a copy; the query is part of the name."""
    parts = urlsplit(url)
    return slug_of(f"{parts.netloc} {parts.path} {parts.query}")[:150]


def _suffix(fetched: Fetched) -> str:
    suffix = _SUFFIXES.get(fetched.media_type) or Path(urlsplit(fetched.url).path).suffix.lower()
    start = fetched.body[:512].lstrip().lower()
    if start.startswith(b"%pdf-"):
        return ".pdf"
    if suffix == ".html" and start.startswith(b"<?xml") and any(tag in start for tag in (b"<rss", b"<feed")):
        return ".xml"
    return suffix or ".html"
