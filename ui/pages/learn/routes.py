"""The addresses of Learn: its front page, search, one document, the crashes side by side, one crash."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from knowledge.document import Document
from knowledge.loading.slugs import slug_of
from rag.published import FigureTable, PublishedGuide
from ui.app import App
from ui.pages.frame import page
from ui.pages.learn.crashes import compared, figure_tables
from ui.pages.learn.places import place
from ui.pages.learn.shelves import glossary_by_letter, shelves

_FOUND = 20


def learn_routes(app: App) -> APIRouter:
    """The routes over the library of `app`. They are pages for people and stay out of the API's description."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    guide = PublishedGuide.load()

    @router.get("/learn")
    async def front(q: Annotated[str, Query(max_length=500)] = "") -> str:
        if not q.strip():
            documents = await asyncio.to_thread(app.library.documents)
            return page("learn_front.html", "learn", "Learn", shelves=shelves(documents), events=app.library.events)
        found = await asyncio.to_thread(app.library.index.search, q, _FOUND)
        return page("learn_found.html", "learn", f"Search: {q}", query=q, hits=found, place=place)

    @router.get("/learn/events")
    async def crashes() -> str:
        return page(
            "learn_events.html", "learn", "Crashes side by side", rows=compared(FigureTable.of(app.library.events))
        )

    @router.get("/learn/events/{name}")
    async def crash(name: str) -> str:
        event = next((event for event in app.library.events if event.id == name), None)
        if event is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no crash '{name}'; /learn/events lists them")
        return page("learn_event.html", "learn", event.name, event=event, tables=figure_tables(event, guide))

    @router.get("/learn/{slug}", response_model=None)
    async def document(slug: str) -> str | RedirectResponse:
        event = next((event for event in app.library.events if slug_of(event.id) == slug), None)
        if event is not None:
            return RedirectResponse(f"/learn/events/{event.id}")
        documents = await asyncio.to_thread(app.library.documents)
        found = next((document for document in documents if document.slug == slug), None)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no document '{slug}'; /learn lists them")
        return _document(found)

    return router


def _document(document: Document) -> str:
    if document.kind == "glossary":
        letters = glossary_by_letter(document)
        return page("learn_glossary.html", "learn", document.title, document=document, letters=letters)
    template = "learn_faq.html" if document.kind == "faq" else "learn_article.html"
    return page(template, "learn", document.title, document=document)
