"""Who may come in: which scope each path needs, and whether the request carries a key or a session that has it.

A server on the loopback for which no key was ever made asks for none, and gives everything but what needs `admin`.
"""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.gate.caller import Caller
from ui.gate.rates import Rates
from ui.keys import Key, Keyring
from ui.keys import Scope as KeyScope
from ui.problems import problem

COOKIE = "market_pulse_session"
SIGN_IN = "/sign-in"
_OPEN = frozenset({"/healthz", "/readyz", "/favicon.ico", SIGN_IN, "/sign-out"})
_NEEDS: Sequence[tuple[str, KeyScope]] = (
    ("/v1/answers", "ask"),
    ("/v1/chat", "ask"),
    ("/v1/feedback", "ask"),
    ("/v1", "read"),
    ("/metrics", "read"),
    ("/mcp", "read"),
    ("/docs", "read"),
    ("/openapi.json", "read"),
    ("/admin", "admin"),
    ("/", "ask"),
)
"""The first that is the path or stands above it decides; the page, with all of Gradio's routes, needs `ask`."""


def scope_needed(path: str) -> KeyScope | None:
    """The scope that a request to `path` needs; None where everybody may come."""
    if path in _OPEN:
        return None
    whole = "/" + path.strip("/")
    return next(need for start, need in _NEEDS if start in {whole, "/"} or whole.startswith(f"{start}/"))


class Access:
    """Wraps `inner`, which is reached only by requests that may do what they ask for."""

    def __init__(self, inner: ASGIApp, keyring: Keyring, rates: Rates, *, loopback: bool) -> None:
        self._inner = inner
        self._keyring = keyring
        self._rates = rates
        self._loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._inner(scope, receive, send)
            return
        caller = await asyncio.to_thread(self._caller, scope)
        needed = scope_needed(scope["path"])
        if needed is None or (caller is not None and needed in caller.scopes):
            scope.setdefault("state", {})["caller"] = caller or Caller(key_id=None, scopes=frozenset())
            await self._inner(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif _reading(scope):
            # A key that does not reach so far is told from none, for people would look for their mistake in vain.
            await _to_sign_in(scope, needed if caller is not None else None)(scope, receive, send)
        elif caller is not None:
            detail = f"this needs a key with the scope '{needed}'; make one with 'market-pulse keys create'"
            await problem(scope, HTTPStatus.FORBIDDEN, detail)(scope, receive, send)
        else:
            await self._turn_away(scope, receive, send)

    async def _turn_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = await self._rates.wrong_key(scope) if "authorization" in headers else None
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        said = "the key is not valid" if "authorization" in headers else "a key is needed"
        detail = f"{said}; send one of 'market-pulse keys create' as 'Authorization: Bearer KEY'"
        reply = problem(scope, HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
        await reply(scope, receive, send)

    def _caller(self, scope: Scope) -> Caller | None:
        if self._loopback and not self._keyring.any():
            return Caller(key_id=None, scopes=frozenset({"ask", "read"}))
        key = self._key(Headers(scope=scope))
        return None if key is None else Caller(key_id=key.id, scopes=key.granted)

    def _key(self, headers: Headers) -> Key | None:
        """A key in the header decides, so that a wrong one is told; else the session of the browser."""
        kind, _, shown = headers.get("authorization", "").partition(" ")
        if kind:
            return self._keyring.key_of(shown.strip()) if kind.lower() == "bearer" else None
        token = session_token(headers)
        return self._keyring.key_of_session(token) if token else None


def _reading(scope: Scope) -> bool:
    """Whether a person follows a link."""
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def _to_sign_in(scope: Scope, lacking: KeyScope | None) -> RedirectResponse:
    """To where a key can be given, and from there back; `lacking` is what the key given so far does not have."""
    there = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    why = f"&scope={lacking}" if lacking else ""
    return RedirectResponse(f"{SIGN_IN}?next={quote(there)}{why}", HTTPStatus.SEE_OTHER)


def session_token(headers: Headers) -> str | None:
    """The token in the cookie of a signed-in browser."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None
