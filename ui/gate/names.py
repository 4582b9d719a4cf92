"""Refuses requests that a foreign page made a browser send: under another host name, or from another origin.

A page anywhere can point a name of its own at 127.0.0.1 (DNS rebinding), or post a form here with the cookies of
whoever reads it. The Host and Origin headers give both away, and a page cannot change them.
"""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.problems import problem

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Names:
    """Wraps `inner`. On the loopback only its own names are taken, elsewhere any unless `allowed` names some."""

    def __init__(
        self, inner: ASGIApp, host: str, *, loopback: bool, allowed: Iterable[str], origins: Iterable[str]
    ) -> None:
        self._inner = inner
        own = frozenset(name.lower() for name in allowed)
        self._hosts = own | _LOOPBACK | {host} if loopback or own else None
        self._allowed = own
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host = _name(headers.get("host", ""))
            if self._hosts is not None and host not in self._hosts:
                detail = (
                    f"this server is not known as '{host}'; set MARKET_PULSE_UI_ALLOWED_HOSTS={host} if it should be"
                )
                await problem(scope, HTTPStatus.MISDIRECTED_REQUEST, detail)(scope, receive, send)
                return
            origin = headers.get("origin")
            if origin is not None and scope["method"] not in _READING and not self._is_ours(origin, headers):
                detail = f"pages of {origin} may not post here; name it in MARKET_PULSE_UI_CORS_ORIGINS if they should"
                await problem(scope, HTTPStatus.FORBIDDEN, detail)(scope, receive, send)
                return
        await self._inner(scope, receive, send)

    def _is_ours(self, origin: str, headers: Headers) -> bool:
        try:
            there = urlsplit(origin)
        except ValueError:
            return False
        return origin in self._origins or there.netloc == headers.get("host") or there.hostname in self._allowed


def _name(host: str) -> str:
    """The host without its port and brackets, in small letters."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
