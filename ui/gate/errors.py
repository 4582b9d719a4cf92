"""Turns the errors of what is mounted here, which speaks another dialect, into problem documents as well.

The members that Gradio's page reads in its own errors stay in them.
"""

import json
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import PROBLEM_JSON, problem_of

_TRANSLATED = ("application/json", "text/plain")
_LEFT_ALONE = ("/mcp", "/readyz")
"""Paths whose protocol, or whose own description, says what they answer when something is wrong."""


class Errors:
    """Wraps `inner`."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_LEFT_ALONE):
            await self._inner(scope, receive, send)
            return
        held: list[Message] = []
        body = b""

        async def translating(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start" and _is_foreign(message):
                held.append(message)
            elif not held:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    start, said = _translated(scope, held.pop(), body)
                    await send(start)
                    await send({"type": "http.response.body", "body": said})

        await self._inner(scope, receive, translating)


def _is_foreign(start: Message) -> bool:
    kind = Headers(raw=start.get("headers", [])).get("content-type", "")
    return start["status"] >= HTTPStatus.BAD_REQUEST and kind.startswith(_TRANSLATED)


def _translated(scope: Scope, start: Message, body: bytes) -> tuple[Message, bytes]:
    status = HTTPStatus(start["status"])
    try:
        given = json.loads(body)
    except ValueError:
        given = {"detail": body.decode("utf-8", "replace")}
    if not isinstance(given, dict):
        return start, body
    detail = given.get("detail")
    said = problem_of(scope, status, detail if isinstance(detail, str) and detail else status.phrase)
    # Where Gradio's detail is a list its page reads it as one; it stands, and the rest of the problem beside it.
    kept = {} if detail is None or isinstance(detail, str) else {"detail": detail}
    written = json.dumps({**given, **said.model_dump(exclude_none=True), **kept}).encode()
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["content-type"] = PROBLEM_JSON
    headers["content-length"] = str(len(written))
    return {**start, "headers": headers.raw}, written
