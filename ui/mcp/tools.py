"""The tools an agent may call: the same questions, searches, readings and calculations that the API answers."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field
from starlette.requests import Request

from knowledge.figures import Event
from market.calculation import Calculation
from market.calculators import CALCULATORS, calculate
from market.durations import duration_of
from market.metrics import metrics
from market.moments import Moment
from market.reading import Reading
from rag.answer import Answer
from rag.question import Turn
from ui.api.asking import question_of
from ui.api.shapes import MetricDescription, SearchResponse
from ui.app import App
from ui.articles import Article, article
from ui.describing import described_metric
from ui.errors import KeyLacks
from ui.gate.caller import caller_of
from ui.problems import status_of
from ui.search import search_results
from ui.settings import UiSettings

_LOOKS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

AsOf = Annotated[Moment | None, Field(description="The moment to look from, ISO 8601; left out: now.")]


class Metrics(BaseModel):
    """Every metric there is."""

    metrics: list[MetricDescription]


class Events(BaseModel):
    """Crash events with their published figures, conflicting ones included."""

    events: list[Event]


def add_tools(server: MCPServer[Any], app: App, settings: UiSettings) -> None:
    """Registers the tools."""

    @server.tool(title="Ask", annotations=_LOOKS)
    async def ask(
        context: Context[Any, Any],
        question: Annotated[str, Field(description="About crypto market crashes, in anybody's words.")],
        history: Annotated[list[Turn] | None, Field(description="The turns before it.")] = None,
        as_of: AsOf = None,
    ) -> Answer:
        """Answers a question about crypto market crashes; every number in it carries a numbered receipt.

        It explains and never advises. `status` says whether it could answer.
        """
        with _told():
            _refuse_without(context, "ask")
            return await app.answer(question_of(question, history or [], as_of, app, settings), "mcp")

    @server.tool(title="Search the knowledge", annotations=_LOOKS)
    async def search_knowledge(
        query: Annotated[str, Field(min_length=1, max_length=500)], k: Annotated[int, Field(ge=1, le=100)] = 10
    ) -> SearchResponse:
        """Finds the passages of articles, FAQ, glossary and events that answer a query best, best first."""
        with _told():
            found = await asyncio.to_thread(search_results, app.library.index, query, k)
            return SearchResponse.model_validate({"query": query, "results": found})

    @server.tool(title="Read a metric", annotations=_LOOKS)
    async def get_metric(
        name: Annotated[str, Field(json_schema_extra={"enum": [*metrics()]})],
        asset: Annotated[str | None, Field(description="Base symbol such as BTC, or ALL for the market.")] = None,
        window: Annotated[str | None, Field(description="How far to look back: 90m, 24h, 7d.")] = None,
        as_of: AsOf = None,
        params: Annotated[dict[str, str] | None, Field(description="Parameters that list_metrics names.")] = None,
    ) -> Reading:
        """Computes one metric from the market data, with its formula, window, source and completeness."""
        with _told():
            span = None if window is None else duration_of(window)
            return await asyncio.to_thread(app.market.read, name, asset, span, as_of, params or {})

    @server.tool(title="List the metrics", annotations=_LOOKS)
    def list_metrics() -> Metrics:
        """Every metric with its formula, its parameters and questions it answers."""
        return Metrics(metrics=[described_metric(metric) for metric in app.market.metrics().values()])

    @server.tool(name="calculate", title="Calculate", annotations=_LOOKS, description=_calculators())
    def calculated(
        calculator: Annotated[str, Field(json_schema_extra={"enum": [*CALCULATORS]})],
        inputs: dict[str, float | str],
    ) -> Calculation:
        with _told():
            return calculate(calculator, inputs)

    @server.tool(title="List crash events", annotations=_LOOKS)
    def list_events() -> Events:
        """Historic crashes with causes, aftermath and published figures with source and date."""
        return Events(events=[event.as_shown() for event in app.library.events])

    @server.tool(title="Read an article", annotations=_LOOKS)
    def get_article(slug: Annotated[str, Field(description="The `slug` of a search result.")]) -> Article:
        """One whole article, FAQ page, glossary or event as Markdown with its sources."""
        with _told():
            return article(app.library.index, slug)


def _calculators() -> str:
    """What the tool says of itself: every calculator with its inputs, the required ones first."""
    lines = ["Works a number out from given inputs and shows the formula filled in. Rates are fractions, prices USD."]
    for calculator in CALCULATORS.values():
        needed = [one.name for one in calculator.inputs if one.required]
        others = [one.name for one in calculator.inputs if not one.required]
        lines.append(f"{calculator.name}: {calculator.description} Needs {', '.join(needed)}{_may(others)}.")
    return "\n".join(lines)


def _may(names: Sequence[str]) -> str:
    return f"; takes {', '.join(names)}" if names else ""


def _refuse_without(context: Context[Any, Any], scope: str) -> None:
    """Raises KeyLacks over HTTP where the key lacks `scope`; standard input and output belong to one user."""
    request = context.request_context.request
    if isinstance(request, Request) and scope not in caller_of(request.scope).scopes:
        raise KeyLacks(scope)


@contextmanager
def _told() -> Iterator[None]:
    """The rooms' own errors reach the agent in their words; whatever else breaks is withheld."""
    try:
        yield
    except Exception as error:
        if isinstance(error, KeyLacks) or status_of(error) is not HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ToolError(str(error)) from error
        raise
