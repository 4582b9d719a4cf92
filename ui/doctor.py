"""Looks at every part of an installation and says what is wrong with it and which command mends that."""

import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_settings import SettingsError

from knowledge.errors import KnowledgeError
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings
from market.durations import age_text
from market.errors import MarketError
from market.feeds.states import FeedStatus
from market.market import Market
from market.settings import MarketSettings
from rag.settings import RagSettings
from ui.settings import UiSettings
from ui.wrongsettings import wrong_setting

Severity = Literal["ok", "warning", "error"]

_LOW_DISK_BYTES = 1_000_000_000
"""An index of 100,000 passages takes about half of this, and a rebuild stands beside it."""


class Finding(BaseModel):
    """What one check found. `remedy` is a command, or what to do; None where nothing needs to be done."""

    model_config = ConfigDict(frozen=True)

    check: str
    severity: Severity
    message: str
    remedy: str | None = None


def examine(home: Path, port: int) -> Iterator[Finding]:
    """Every check in turn; a part that cannot be opened is a finding, not an error of the doctor."""
    settings = list(_settings())
    yield from settings
    yield _disk(home)
    yield _port(port)
    if any(finding.severity == "error" for finding in settings):
        return
    library = Library(home, KnowledgeSettings())
    for check in (_model, _documents, _index, _reranker):
        yield from _guarded(check.__name__.strip("_"), check, library, home)
    yield from _store(home)


def _settings() -> Iterator[Finding]:
    for room in (KnowledgeSettings, MarketSettings, RagSettings, UiSettings):
        prefix = room.model_config["env_prefix"]
        try:
            room()
        except (ValidationError, SettingsError) as error:
            wrong = wrong_setting(error)
            remedy = f"correct or unset {wrong.name}" if wrong else f"correct {prefix}*"
            yield Finding(check="settings", severity="error", message=str(wrong or error), remedy=remedy)
        else:
            yield Finding(check="settings", severity="ok", message=f"{prefix}* are valid")


def _disk(home: Path) -> Finding:
    there = next(folder for folder in (home, *home.resolve().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < _LOW_DISK_BYTES:
        remedy = "free space, or keep the state elsewhere with --home DIR"
        return Finding(check="disk", severity="warning", message=f"{free / 1e9:.1f} GB free at {there}", remedy=remedy)
    return Finding(check="disk", severity="ok", message=f"{free / 1e9:.0f} GB free at {there}")


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        remedy = f"market-pulse serve --port {port + 1}"
        return Finding(check="port", severity="warning", message=f"port {port} is in use", remedy=remedy)
    return Finding(check="port", severity="ok", message=f"port {port} is free")


Check = Callable[[Library, str], Iterator[Finding]]


def _guarded(name: str, check: Check, library: Library, home: Path) -> Iterator[Finding]:
    try:
        yield from check(library, f"market-pulse --home {home} knowledge")
    except KnowledgeError as error:
        message, _, remedy = str(error).rpartition("; ")
        yield Finding(check=name, severity="error", message=message or str(error), remedy=remedy)


def _model(library: Library, _command: str) -> Iterator[Finding]:
    embedder = library.embedder
    message = f"{embedder.name}, revision {embedder.revision}, {embedder.dimension} dimensions"
    yield Finding(check="model", severity="ok", message=message)


def _documents(library: Library, command: str) -> Iterator[Finding]:
    documents = library.documents()
    yield Finding(check="documents", severity="ok", message=f"{len(documents)} documents are valid")
    for skipped in library.shelf.skipped:
        message, _, remedy = skipped.reason.rpartition("; ")
        yield Finding(check="documents", severity="warning", message=message or skipped.reason, remedy=remedy)
    for document in documents:
        for remark in document.remarks:
            remedy = f"read {document.origin}, mend it, then run: {command} sync"
            yield Finding(check="documents", severity="warning", message=f"{document.slug}: {remark}", remedy=remedy)


def _index(library: Library, command: str) -> Iterator[Finding]:
    index = library.index
    if not index.is_whole():
        message = "a sync was cut short: vectors and catalog differ"
        yield Finding(check="index", severity="warning", message=message, remedy=f"{command} sync")
    waiting = index.waiting(library.documents())
    if waiting:
        message = f"{waiting} documents are new, changed or gone since the last sync"
        yield Finding(check="index", severity="warning", message=message, remedy=f"{command} sync")
    else:
        yield Finding(check="index", severity="ok", message=f"holds {len(index)} passages, made with {index.identity}")


def _reranker(library: Library, _command: str) -> Iterator[Finding]:
    if library.has_reranker():
        yield Finding(check="reranker", severity="ok", message="the cross-encoder is there")


def _store(home: Path) -> Iterator[Finding]:
    try:
        market = Market.open(home, MarketSettings())
        status, feeds = market.status(), market.feeds()
        market.close()
    except MarketError as error:
        yield Finding(check="store", severity="error", message=str(error), remedy=f"move {home / 'market.duckdb'} away")
        return
    message = f"market data: {status.mode}, latest {status.latest}"
    remedy = f"market-pulse --home {home} market import FILE --kind candles"
    if status.stale:
        yield Finding(check="store", severity="warning", message=f"{message}, stale", remedy=remedy)
    else:
        yield Finding(check="store", severity="ok", message=message)
    if status.mode == "reconstruction":
        message = "no live or imported data; answers about now replay the labelled reconstruction"
        yield Finding(check="data", severity="ok", message=message, remedy=remedy)
    yield from _feeds(feeds, f"market-pulse --home {home} market sync")


def _feeds(feeds: Sequence[FeedStatus], remedy: str) -> Iterator[Finding]:
    for feed in feeds:
        age = f"newest row {age_text(timedelta(seconds=feed.age_seconds))} old" if feed.age_seconds else "no row yet"
        if feed.error is not None:
            message = f"{feed.name} failed: {feed.error}; {age}"
            yield Finding(check="feeds", severity="warning", message=message, remedy=remedy)
        elif feed.state == "stopped":
            message = f"{feed.name} was last pulled at {feed.checked:%Y-%m-%dT%H:%MZ}; {age}"
            yield Finding(check="feeds", severity="warning", message=message, remedy=remedy)
        else:
            yield Finding(check="feeds", severity="ok", message=f"{feed.name} from {feed.source}; {age}")
