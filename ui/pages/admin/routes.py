"""The addresses of Admin: its overview, stubs of unanswered questions, and the last report of the evals."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from eval.errors import RunUnreadable
from eval.gaps import Cluster, clusters, stubs
from eval.reporting.page import write_page
from eval.run import read_run, read_timings
from eval.summary import Summary, summarise
from knowledge.document import Document, Kind
from ui.app import App
from ui.chat.receipts import MODES
from ui.pages.frame import page

_KINDS: Mapping[Kind, tuple[str, str]] = {
    "article": ("article", "articles"),
    "faq": ("page of questions", "pages of questions"),
    "glossary": ("glossary", "glossaries"),
    "event": ("crash", "crashes"),
}
_DAYS, _MOST_CLUSTERS, _MOST_RATINGS = 30, 20, 50


def admin_routes(app: App) -> APIRouter:
    """The routes over `app`; pages for people, not part of the API's description."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/admin")
    async def overview() -> str:
        return await asyncio.to_thread(_overview, app)

    @router.get("/admin/stubs.yaml")
    async def stubbed(question: Annotated[str | None, Query(max_length=2_000)] = None) -> Response:
        found = await asyncio.to_thread(unanswered, app)
        chosen = [cluster for cluster in found if question in {None, cluster.question}]
        if not chosen:
            raise HTTPException(HTTPStatus.NOT_FOUND, "no such question went unanswered; /admin lists those that did")
        kept = {"Content-Disposition": 'attachment; filename="faq-stubs.yaml"'}
        return Response(stubs(chosen), media_type="application/yaml", headers=kept)

    @router.get("/admin/report")
    async def report() -> str:
        folder = last_run(app.home)
        if folder is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "no evals were run here yet; run 'market-pulse eval run'")
        return await asyncio.to_thread(_report, folder)

    return router


def unanswered(app: App) -> Sequence[Cluster]:
    """Questions of the last month that went unanswered or were rated badly, by meaning, the most frequent first."""
    asked = app.questions.unanswered(_DAYS) if app.questions else []
    return clusters(asked, app.library.index.embedder.embed)[:_MOST_CLUSTERS]


def last_run(home: Path) -> Path | None:
    """The folder of the newest finished run of the evals in `home`; folders are named by their time."""
    return max((file.parent for file in (home / "runs").glob("*/run.json")), default=None)


def _overview(app: App) -> str:
    documents, status = app.library.documents(), app.market.status()
    return page(
        "admin.html",
        "admin",
        "Admin",
        passages=len(app.library.index),
        documents=len(documents),
        kinds=_counted(documents),
        identity=str(app.library.index.identity),
        skipped=app.library.shelf.skipped,
        status=status,
        mode=MODES[status.mode],
        feeds=app.market.feeds(),
        clusters=unanswered(app),
        logged=app.questions is not None,
        feedback=app.questions.feedback(_MOST_RATINGS) if app.questions else (),
        days=_DAYS,
        run=last_run(app.home),
        summary=_summary(last_run(app.home)),
    )


def _counted(documents: Sequence[Document]) -> Sequence[str]:
    """How many there are of each kind."""
    counts = Counter(document.kind for document in documents)
    return [f"{count:,} {_KINDS[kind][count > 1]}" for kind, count in counts.items()]


def _summary(folder: Path | None) -> Summary | None:
    if folder is None:
        return None
    try:
        return summarise(read_run(folder), read_timings(folder))
    except RunUnreadable:
        # A run of another version says nothing here; the command line tells why.
        return None


def _report(folder: Path) -> str:
    written = folder / "report.html"
    if not written.is_file():
        write_page(read_run(folder), read_timings(folder), None, written)
    return written.read_text("utf-8")
