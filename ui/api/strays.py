"""Requests under the API's own paths that no route takes: said here, so that the page mounted at / never sees them."""

from http import HTTPStatus
from typing import NoReturn

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_PATHS = ("/v1", "/v1/{rest:path}", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")


def add_strays(api: FastAPI) -> None:
    """Registers the routes; they must come after all others."""

    async def stray(request: Request) -> NoReturn:
        # HEAD is tried as itself: a route that answers GET alone says so.
        partial = [
            route
            for route in api.routes
            if isinstance(route, Route)
            and route.endpoint is not stray
            and route.matches(request.scope)[0] is Match.PARTIAL
        ]
        methods = sorted({method for route in partial for method in route.methods or ()})
        if methods:
            raise HTTPException(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"{request.url.path} takes {', '.join(methods)}, not {request.method}",
                {"Allow": ", ".join(methods)},
            )
        raise HTTPException(
            HTTPStatus.NOT_FOUND, f"there is nothing at {request.url.path}; see /docs for what there is"
        )

    for path in _PATHS:
        api.add_route(path, stray, methods=_METHODS, include_in_schema=False)
