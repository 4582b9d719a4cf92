"""Turns every error of the API into a problem document (RFC 9457): what is wrong, where, and what to do."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Scope

from knowledge.errors import IndexEmpty, IndexMismatch, KnowledgeError, ModelUnusable
from market.errors import MarketError, NoData, StoreBusy, StoreUnusable, UnknownAsset, UnknownMetric
from rag.errors import RagError
from ui.errors import ClientGone, FeedbackOff, UnknownAnswer, UnknownArticle, UnknownCalculator, UnknownModel
from ui.pages.frame import page

PROBLEM_JSON = "application/problem+json"

_STATUSES: Mapping[type[Exception], HTTPStatus] = {
    UnknownMetric: HTTPStatus.NOT_FOUND,
    UnknownAsset: HTTPStatus.NOT_FOUND,
    NoData: HTTPStatus.NOT_FOUND,
    UnknownAnswer: HTTPStatus.NOT_FOUND,
    UnknownArticle: HTTPStatus.NOT_FOUND,
    UnknownCalculator: HTTPStatus.NOT_FOUND,
    UnknownModel: HTTPStatus.NOT_FOUND,
    FeedbackOff: HTTPStatus.CONFLICT,
    StoreBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    IndexEmpty: HTTPStatus.SERVICE_UNAVAILABLE,
    IndexMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    KnowledgeError: HTTPStatus.UNPROCESSABLE_ENTITY,
    MarketError: HTTPStatus.UNPROCESSABLE_ENTITY,
    RagError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""The status of each of the rooms' errors; what is not named here has that of its root."""

_SHOWN = 5
"""How many faults of one request are told."""


_PAGES = ("/learn", "/calculators", "/admin")
"""Where people read, and are told what is wrong on a page."""

_OPENAI = ("/v1/chat", "/v1/models")
"""Where OpenAI's clients ask; they show nobody anything but `error.message`."""


class OpenAiError(BaseModel):
    """The same problem where OpenAI's clients look for it."""

    message: str
    type: str = "market_pulse_problem"
    code: int


class Problem(BaseModel):
    """What went wrong (RFC 9457). `detail` says what, where and what to do; `request_id` finds it in the log."""

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["body.question: Field required"])
    request_id: str | None = Field(default=None, examples=["5f0c6a52d7f04bd0b1c2b7d6f2a4f0aa"])
    error: OpenAiError | None = Field(default=None, description="On the paths of OpenAI's API alone.")


def problem(scope: Scope, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The problem as a response to the request of `scope`."""
    return JSONResponse(
        problem_of(scope, status, detail).model_dump(exclude_none=True),
        status_code=status.value,
        headers=headers,
        media_type=PROBLEM_JSON,
    )


def problem_of(scope: Scope, status: HTTPStatus, detail: str) -> Problem:
    request_id = scope.get("state", {}).get("request_id")
    asked_as_openai = scope["path"].startswith(_OPENAI)
    return Problem(
        title=status.phrase,
        status=status.value,
        detail=detail,
        request_id=request_id,
        error=OpenAiError(message=detail, code=status.value) if asked_as_openai else None,
    )


def status_of(error: Exception) -> HTTPStatus:
    """The status of one of the rooms' errors; anything else is our own failure."""
    found = (_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def told(error: Exception) -> str:
    """What may be said of `error` to whoever asked: the rooms' own words, nothing of the insides of others."""
    if status_of(error) is HTTPStatus.INTERNAL_SERVER_ERROR:
        return "something failed here that should not; the request id finds it in the server's log"
    return str(error)


def failed(scope: Scope, error: Exception) -> str:
    """The problem of an answer that failed after its stream had begun, as JSON; the log has the rest."""
    logging.getLogger(__name__).error("stream of request %s failed", scope["state"]["request_id"], exc_info=error)
    return problem_of(scope, status_of(error), told(error)).model_dump_json(exclude_none=True)


def _lost(status: HTTPStatus, detail: str) -> str:
    return page("problem.html", "learn", status.phrase, heading=status.phrase, detail=detail)


def _says_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


def add_problem_handlers(api: FastAPI) -> None:
    """Registers one handler for each kind of error the rooms raise, and for the framework's own."""

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        if any(one["loc"] == ("body",) for one in error.errors()) and not _says_json(request):
            detail = "the body is read as JSON alone; send it with 'Content-Type: application/json'"
            return problem(request.scope, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
        faults = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()[:_SHOWN]]
        return problem(request.scope, HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(faults))

    @api.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith(_PAGES) and "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(
                _lost(HTTPStatus(error.status_code), str(error.detail)), error.status_code, error.headers
            )
        return problem(request.scope, HTTPStatus(error.status_code), str(error.detail), error.headers)

    @api.exception_handler(ClientGone)
    async def gone(_request: Request, _error: ClientGone) -> Response:
        return Response(status_code=499)  # as other servers log it; nobody reads it

    async def known(request: Request, error: Exception) -> JSONResponse:
        return problem(request.scope, status_of(error), told(error))

    for kind in (*_STATUSES, Exception):
        api.add_exception_handler(kind, known)
