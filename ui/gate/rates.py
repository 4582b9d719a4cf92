"""How often one caller may come: counted by key where one is needed, wrong keys by address.

A loopback server that needs no keys counts nobody: whoever is there owns the machine.
"""

import math
import time
from http import HTTPStatus

from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.errors import RatesUncounted
from ui.gate.caller import caller_of
from ui.problems import problem
from ui.settings import UiSettings

_ASKING = ("/v1/answers", "/v1/chat", "/mcp", "/gradio_api/queue/join", "/gradio_api/call", "/gradio_api/run")
"""What makes an answer, or may; Gradio's events are not told apart."""


class Rates:
    """Counts requests in the storage that the settings name. Raises RatesUncounted if that cannot be used."""

    def __init__(self, settings: UiSettings) -> None:
        try:
            storage = storage_from_string(f"async+{settings.rate_storage}")
        except (ConfigurationError, ImportError) as error:
            raise RatesUncounted(settings.rate_storage, str(error)) from error
        if not isinstance(storage, Storage):
            raise RatesUncounted(settings.rate_storage, "it cannot count")
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._ask = parse(settings.ask_rate)
        self._read = parse(settings.read_rate)
        self._sign_in = parse(settings.sign_in_rate)

    async def refused(self, scope: Scope) -> Response | None:
        """Counts a request that was let in; gives the refusal if it is one too many."""
        key_id = caller_of(scope).key_id
        if key_id is None:
            return None
        path: str = scope["path"]
        asking = scope["method"] == "POST" and any(path == one or path.startswith(f"{one}/") for one in _ASKING)
        return await self._counted(scope, self._ask if asking else self._read, "ask" if asking else "read", key_id)

    async def wrong_key(self, scope: Scope) -> Response | None:
        """Counts a key that was not valid, by the address it came from."""
        client = scope.get("client")
        return await self._counted(scope, self._sign_in, "wrong key", client[0] if client else "nowhere")

    async def _counted(self, scope: Scope, rate: RateLimitItem, *names: str) -> Response | None:
        if await self._limiter.hit(rate, *names):
            return None
        again = (await self._limiter.get_window_stats(rate, *names)).reset_time
        wait = max(1, math.ceil(again - time.time()))
        detail = f"more than {rate} for {names[0]}; come back in {wait} s"
        return problem(scope, HTTPStatus.TOO_MANY_REQUESTS, detail, {"Retry-After": str(wait)})


class RateLimit:
    """Wraps `inner`, which is reached by callers that do not come too often."""

    def __init__(self, inner: ASGIApp, rates: Rates) -> None:
        self._inner = inner
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = await self._rates.refused(scope) if scope["type"] == "http" else None
        await (refusal or self._inner)(scope, receive, send)
