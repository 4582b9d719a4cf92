"""Whether the process runs, whether it can answer, and what it counted: for those who operate it."""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from knowledge.errors import IndexEmpty, KnowledgeError
from market.errors import MarketError
from ui.api.shapes import Health, Readiness
from ui.app import App


def add_health(api: FastAPI, app: App) -> None:
    """Registers the routes."""

    @api.get("/healthz", tags=["health"])
    async def healthz() -> Health:
        """The process runs."""
        return Health()

    @api.get("/readyz", tags=["health"], response_model=Readiness, responses={503: {"model": Readiness}})
    async def readyz() -> Readiness | JSONResponse:
        """Whether questions can be answered: the index, the market store and the log of questions were all asked."""
        found = await asyncio.to_thread(_examined, app)
        if found.status == "ready":
            return found
        return JSONResponse(found.model_dump(), status_code=HTTPStatus.SERVICE_UNAVAILABLE)

    @api.get(
        "/metrics",
        tags=["health"],
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics() -> Response:
        """Counters and gauges in the text format of Prometheus."""
        return Response(await asyncio.to_thread(app.telemetry.exposition), media_type=CONTENT_TYPE_LATEST)


def _examined(app: App) -> Readiness:
    checks = {"index": _tried(lambda: _passages(app)), "market": _tried(lambda: app.market.status().mode)}
    log = app.questions
    if log is not None:
        checks["question log"] = _tried(log.count)
    whole = all(not isinstance(found, Exception) for found in checks.values())
    return Readiness(
        status="ready" if whole else "not ready",
        passages=checks["index"] if isinstance(checks["index"], int) else None,
        data_mode=checks["market"] if isinstance(checks["market"], str) else None,
        checks={name: f"failed: {found}" if isinstance(found, Exception) else "ok" for name, found in checks.items()},
    )


def _passages(app: App) -> int:
    found = len(app.library.index)
    if not found:
        raise IndexEmpty("the index is empty; run 'market-pulse knowledge sync'")
    return found


def _tried(check: Callable[[], int | str]) -> int | str | Exception:
    try:
        return check()
    except (KnowledgeError, MarketError) as error:
        return error
    except Exception as error:  # whatever keeps a part from answering makes it not ready
        # A driver's own words may name hosts and users: they are for the log, not for whoever asks.
        logging.getLogger(__name__).warning("not ready: %s", error)
        return RuntimeError("does not answer; see the server's log")
