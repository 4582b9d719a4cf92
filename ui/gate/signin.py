"""Where a person with a browser gives a key once and gets a session cookie for it; and where they leave again."""

import asyncio
from datetime import timedelta
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui.gate.access import COOKIE, SIGN_IN, session_token
from ui.gate.rates import Rates
from ui.keys import Keyring

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in to Market Pulse</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>
:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;
min-height:90vh;margin:0;background:light-dark(#f6f8fb,#0f1420);color:light-dark(#1a2233,#e6eaf2)}}
main{{max-width:22rem;padding:1.5rem}}h1{{font-size:1.4rem;margin:0 0 .4rem}}label{{display:block;margin:1rem 0 .3rem}}
input,button{{font:inherit;width:100%;box-sizing:border-box;padding:.6rem .7rem;border-radius:8px;
border:1px solid light-dark(#8a93a5,#66718a);background:light-dark(#fff,#1a2130);color:inherit}}
button{{margin-top:.8rem;background:#1d4ed8;border-color:#1d4ed8;color:#fff;cursor:pointer}}
.wrong{{color:light-dark(#b42318,#ff9d94)}}</style></head><body><main><h1>Market Pulse</h1>
<p>This server asks for a key. Whoever runs it has one for you.</p>{wrong}
<form method="post" action="/sign-in"><input type="hidden" name="next" value="{next}">
<label for="key">Key</label><input id="key" name="key" type="password" autocomplete="current-password" required
autofocus><button>Sign in</button></form></main></body></html>"""


def add_sign_in(api: FastAPI, keyring: Keyring, rates: Rates, lasting: timedelta) -> None:
    """Registers the routes; they are for people and stay out of the API's description."""

    @api.get(SIGN_IN, include_in_schema=False)
    async def form(next: str = "/") -> HTMLResponse:  # noqa: A002 - the name stands in the address
        return _page(next)

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


def _page(there: str, wrong: str = "", status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
    said = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    return HTMLResponse(_PAGE.format(wrong=said, next=escape(_inside(there))), status)


def _inside(there: str) -> str:
    """`there` if it is a path of this server, else its front page."""
    inside = there.startswith("/") and not there.startswith(("//", "/\\")) and there.isprintable()
    return there if inside else "/"
