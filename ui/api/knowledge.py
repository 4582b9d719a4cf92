"""What is known, to be read: search, crash events with their figures, and the curated questions."""

import asyncio
from typing import Annotated

from fastapi import FastAPI, Query

from knowledge.figures import Event
from ui.api.examples import example
from ui.api.shapes import FaqEntry, SearchResponse
from ui.app import App
from ui.search import search_results


def add_knowledge(api: FastAPI, app: App) -> None:
    """Registers the routes."""

    @api.get("/v1/search", tags=["knowledge"], responses=_shown("search"))
    async def search(
        q: Annotated[str, Query(min_length=1, max_length=500, examples=["who gets my margin"])],
        k: Annotated[int, Query(ge=1, le=100, examples=[5])] = 10,
    ) -> SearchResponse:
        """The passages that answer a query best, best first."""
        results = await asyncio.to_thread(search_results, app.library.index, q, k)
        return SearchResponse.model_validate({"query": q, "results": results})

    @api.get("/v1/events", tags=["knowledge"])
    async def events() -> list[Event]:
        """Every crash event with its published figures, conflicting ones included."""
        return [event.as_shown() for event in app.library.events]

    @api.get("/v1/faq", tags=["knowledge"])
    async def faq() -> list[FaqEntry]:
        """Every curated question and answer."""
        return [
            FaqEntry(
                id=passage.id,
                question=passage.headings[-1],
                answer=passage.text,
                topic=passage.topic,
                updated=passage.updated,
                sources=passage.sources,
            )
            for passage in app.library.index.passages()
            if passage.kind == "faq"
        ]


def _shown(name: str) -> dict[int | str, dict[str, object]]:
    return {200: {"content": {"application/json": {"example": example(name)}}}}
