"""`POST /v1/feedback`: what somebody thought of an answer, kept beside the question it was given to."""

import asyncio

from fastapi import FastAPI

from ui.api.shapes import FeedbackRequest, Kept
from ui.app import App


def add_feedback(api: FastAPI, app: App) -> None:
    """Registers the route."""

    @api.post("/v1/feedback", status_code=201, tags=["answers"])
    async def feedback(given: FeedbackRequest) -> Kept:
        """Keeps a rating of an answer that was given here; maintainers see which answers were rated badly."""
        await asyncio.to_thread(app.rate, given.answer_id, given.rating, given.comment)
        return Kept()
