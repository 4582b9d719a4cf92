"""Where a person with a browser gives a key once and gets a session cookie for it; and where they leave again."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from ui.gate.access import COOKIE, SIGN_IN, session_token
from ui.gate.rates import Rates
from ui.keys import Keyring
from ui.keys import Scope as KeyScope
from ui.pages.rendering import render

_TOKENS = Path(__file__).parents[1] / "pages" / "static" / "tokens.css"


def add_sign_in(api: FastAPI, keyring: Keyring, rates: Rates, lasting: timedelta) -> None:
    """Registers the routes; they are for people and stay out of the API's description."""

    @api.get(SIGN_IN, include_in_schema=False)
    async def form(next: str = "/", scope: KeyScope | None = None) -> HTMLResponse:  # noqa: A002 - stands in the address
        return _page(next, scope=scope)

    @api.post(SIGN_IN, include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        given = parse_qs((await request.body()).decode("utf-8", "replace"))
        there = given.get("next", ["/"])[0]
        key = await asyncio.to_thread(keyring.key_of, given.get("key", [""])[0].strip())
        if key is None:
            refusal = await rates.wrong_key(request.scope)
            return refusal or _page(there, "This key is not valid.", HTTPStatus.UNAUTHORIZED)
        token = await asyncio.to_thread(keyring.begin_session, key, lasting)
        reply = RedirectResponse(_inside(there), HTTPStatus.SEE_OTHER)
        reply.set_cookie(
            COOKIE,
            token,
            max_age=int(lasting.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return reply

    @api.post("/sign-out", include_in_schema=False)
    async def sign_out(request: Request) -> RedirectResponse:
        token = session_token(request.headers)
        if token:
            await asyncio.to_thread(keyring.end_session, token)
        reply = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
        reply.delete_cookie(COOKIE)
        return reply


def _page(
    there: str, wrong: str = "", status: HTTPStatus = HTTPStatus.OK, scope: KeyScope | None = None
) -> HTMLResponse:
    # Style sheets are served to those who are in alone, so the page brings its colours along.
    tokens = Markup(_TOKENS.read_text("utf-8"))  # noqa: S704 - our own style sheet
    page = render("sign_in.html", tokens=tokens, wrong=wrong, scope=scope, next=_inside(there))
    return HTMLResponse(page, status)


def _inside(there: str) -> str:
    """`there` if it is a path of this server, else its front page."""
    inside = there.startswith("/") and not there.startswith(("//", "/\\")) and there.isprintable()
    return there if inside else "/"
