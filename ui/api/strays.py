"""Requests under the API's own paths that no route takes: said here, so that the page mounted at / never sees them."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

_PATHS = ("/v1", "/v1/{rest:path}", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")


class _Stray:
    """Takes every method, even those that nobody has heard of."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        path, method = scope["path"], scope["method"]
        others = (route for route in self._routes if isinstance(route, Route) and route.endpoint is not self)
        methods = sorted(
            {one for route in others if route.matches(scope)[0] is Match.PARTIAL for one in route.methods or ()}
        )
        if methods:
            takes = ", ".join(methods)
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, f"{path} takes {takes}, not {method}", {"Allow": takes})
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is nothing at {path}; see /docs for what there is")


def add_strays(api: FastAPI) -> None:
    """Registers the routes; they must come after all others of the API."""
    stray = _Stray(api.routes)
    api.router.routes.extend([Route(path, stray, include_in_schema=False) for path in _PATHS])
