"""The outermost layer: gives every request an id and every reply its headers, counts it, and answers for what broke."""

import logging
import re
import time
import uuid
from collections.abc import Iterable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import problem
from ui.telemetry import Telemetry

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What may come in as a request id; anything else is replaced, as it goes into logs."""

_API = ("/v1", "/healthz", "/readyz", "/metrics", "/mcp", "/openapi.json")


class Edge:
    """Wraps `inner`. `embed_origins` may show pages of ours in a frame."""

    def __init__(self, inner: ASGIApp, telemetry: Telemetry, embed_origins: Iterable[str]) -> None:
        self._inner = inner
        self._telemetry = telemetry
        self._policy = _content_policy(embed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def answering(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers["X-Request-Id"] = request_id
                self._secure(headers)
            await send(message)

        try:
            await self._inner(scope, receive, answering)
        except Exception:
            logging.getLogger(__name__).exception("request %s failed", request_id)
            if not status:
                reply = problem(
                    scope,
                    HTTPStatus.INTERNAL_SERVER_ERROR,
                    "something failed here that should not; the request id finds it in the server's log",
                )
                await reply(scope, receive, answering)
        finally:
            took = time.perf_counter() - started
            self._telemetry.requested(scope["method"], _route(scope), status or 499, took)

    def _secure(self, headers: MutableHeaders) -> None:
        headers.setdefault("Content-Security-Policy", self._policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def _content_policy(embed_origins: Iterable[str]) -> str:
    framers = " ".join(("'self'", *embed_origins))
    return (
        # Gradio's page carries its configuration in scripts of its own and draws with inline styles.
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        f"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {framers}"
    )


def _route(scope: Scope) -> str:
    """The pattern of the route that took the request; one word for all of the page's own."""
    path: str = scope["path"]
    if not path.startswith(_API):
        return "page"
    return getattr(scope.get("route"), "path", "none")
