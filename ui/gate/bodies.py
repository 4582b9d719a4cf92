"""Refuses a body that is too large before anything reads it, whether or not its length was said."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import problem


class BodyLimit:
    """Wraps `inner`, which is handed the whole body once it is known to hold at most `most` bytes."""

    def __init__(self, inner: ASGIApp, most: int) -> None:
        self._inner = inner
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal():
            await problem(scope, HTTPStatus.BAD_REQUEST, "Content-Length is not a number")(scope, receive, send)
            return
        body = b"" if int(said) <= self._most else None
        coming: list[Message] = []
        while body is not None:
            message = await receive()
            if message["type"] != "http.request":
                coming.append(message)
                break
            body += message.get("body", b"")
            if len(body) > self._most:
                body = None
            elif not message.get("more_body", False):
                break
        if body is None:
            detail = f"the body has more than {self._most} bytes; send less"
            reply = problem(scope, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})
            await reply(scope, receive, send)
            return
        coming.insert(0, {"type": "http.request", "body": body, "more_body": False})

        async def replayed() -> Message:
            return coming.pop(0) if coming else await receive()

        await self._inner(scope, replayed, send)
