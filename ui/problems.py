"""Turns every error of the API into a problem document (RFC 9457): what is wrong, where, and what to do."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from knowledge.errors import KnowledgeError
from market.errors import MarketError, NoData, UnknownAsset, UnknownMetric
from rag.errors import RagError


def add_problem_handlers(api: FastAPI) -> None:
    """Registers one handler for each kind of error the rooms raise, and for the framework's own."""

    @api.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {first['msg']}")

    @api.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        return _problem(HTTPStatus(error.status_code), str(error.detail))

    @api.exception_handler(UnknownMetric)
    @api.exception_handler(UnknownAsset)
    @api.exception_handler(NoData)
    async def missing(_request: Request, error: Exception) -> JSONResponse:
        return _problem(HTTPStatus.NOT_FOUND, str(error))

    @api.exception_handler(KnowledgeError)
    @api.exception_handler(MarketError)
    @api.exception_handler(RagError)
    async def wrong(_request: Request, error: Exception) -> JSONResponse:
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


def _problem(status: HTTPStatus, detail: str) -> JSONResponse:
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return JSONResponse(body, status_code=status.value, media_type="application/problem+json")
