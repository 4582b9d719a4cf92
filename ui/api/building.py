"""Puts the routes together; the page is mounted beside them by who serves both."""

from fastapi import FastAPI

from ui.api.answers import add_answers
from ui.api.completions import add_completions
from ui.api.feedback import add_feedback
from ui.api.health import add_health
from ui.api.knowledge import add_knowledge
from ui.api.market import add_market
from ui.api.openapi import describe
from ui.api.reference import add_reference
from ui.api.replay import add_replay
from ui.api.strays import add_strays
from ui.app import App
from ui.problems import add_problem_handlers
from ui.settings import UiSettings


def build_api(app: App, settings: UiSettings) -> FastAPI:
    """The API over `app`."""
    api = FastAPI(
        title="Market Pulse",
        summary="Answers about crypto market crashes in which every number has a receipt.",
        version="1",
        docs_url=None,
        redoc_url=None,
    )
    add_problem_handlers(api)
    add_answers(api, app, settings)
    add_completions(api, app, settings)
    add_knowledge(api, app)
    add_market(api, app)
    add_replay(api, app.market)
    add_feedback(api, app)
    add_health(api, app)
    add_reference(api)
    add_strays(api)
    describe(api)
    return api
