"""No route is forgotten: each one of the served app, Gradio's own included, is refused without the key it needs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from ui.app import App
from ui.gate.gating import gated
from ui.gate.rates import Rates
from ui.keys import Keyring, Scope
from ui.serving import build_faces
from ui.settings import UiSettings

OPEN = {"/healthz", "/readyz", "/favicon.ico", "/sign-in", "/sign-out"}
OURS: Mapping[str, Scope] = {
    "/v1/answers": "ask",
    "/v1/chat/completions": "ask",
    "/v1/feedback": "ask",
    "/v1/models": "read",
    "/v1/search": "read",
    "/v1/events": "read",
    "/v1/faq": "read",
    "/v1/metrics": "read",
    "/v1/feeds": "read",
    "/v1/calculators": "read",
    "/v1/replay": "read",
    "/v1": "read",
    "/metrics": "read",
    "/mcp": "read",
    "/docs": "read",
    "/openapi.json": "read",
    "/learn": "ask",
    "/calculators": "ask",
    "/assets/pulse": "ask",
    "/embed.js": "ask",
    "/admin": "admin",
}
"""What each of our routes needs. A new one fails here until somebody has said who may call it."""

LESS: Mapping[Scope, Sequence[Scope]] = {"ask": ["read"], "read": ["ask"], "admin": ["ask", "read"]}


def routes(found: Sequence[BaseRoute], mounted: str | None = None) -> Iterator[tuple[str, str, bool]]:
    """Method and a path of every route, and whether it is of a mounted app, which is Gradio's."""
    for route in iter_route_contexts(found):
        path = (mounted or "") + re.sub(r"\{[^}]*\}", "x", route.path or "")
        inner = getattr(route, "app", None)
        if isinstance(inner, Starlette):
            yield from routes(inner.routes, path)
        else:
            for method in route.methods or ("GET", "POST", "DELETE"):
                yield method, path, mounted is not None


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - nothing listens
def test_every_route_is_refused_without_the_key_it_needs(app: App, home: Path, host: str) -> None:
    settings, keyring = UiSettings(ask_rate="9999/minute", read_rate="9999/minute"), Keyring.open(home, None)
    rates = Rates(UiSettings(sign_in_rate="9999/minute"))
    keys = {scope: keyring.create(scope, LESS[scope])[1] for scope in LESS}
    faces = build_faces(app, settings, keyring, rates, host, 7860)
    client = TestClient(gated(faces, host, settings, keyring, rates, app.telemetry), base_url=f"http://{host}")
    every = set(routes(faces.routes))
    known = {"/mcp", "/embed.js", "/admin", "/config", "/gradio_api/queue/join", "/market", "/sign-in"}
    assert known <= {path for _, path, _ in every}
    for method, path, gradios in sorted(every):
        if path in OPEN:
            continue
        needed = _needed(path) or ("ask" if gradios else None)
        assert needed, f"{path} is new: say in this file who may call it"
        sent = {"no key": {}, "wrong key": _bearer("mp_00000000_wrong"), "wrong scope": _bearer(keys[needed])}
        told = {how: client.request(method, path, headers=headers).status_code for how, headers in sent.items()}
        assert told == {"no key": 401, "wrong key": 401, "wrong scope": 403}, (method, path)


def _needed(path: str) -> Scope | None:
    return next((scope for start, scope in OURS.items() if path == start or path.startswith(f"{start}/")), None)


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
