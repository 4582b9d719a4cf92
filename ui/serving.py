"""Everything that one server serves, behind its gate: the API, MCP, the sign-in page and the chat."""

from datetime import timedelta
from typing import TYPE_CHECKING

from ui.app import App
from ui.keys import Keyring
from ui.settings import UiSettings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from ui.gate.rates import Rates


def build_served(app: App, settings: UiSettings, keyring: Keyring, host: str, port: int) -> "ASGIApp":
    """What listens on `host` and `port`. Raises NoKey if it would stand open to other machines."""
    from ui.gate.gating import gated, refuse_open_door
    from ui.gate.rates import Rates

    refuse_open_door(host, keyring)
    rates = Rates(settings)
    faces = build_faces(app, settings, keyring, rates, host, port)
    return gated(faces, host, settings, keyring, rates, app.telemetry)


def build_faces(app: App, settings: UiSettings, keyring: Keyring, rates: "Rates", host: str, port: int) -> "FastAPI":
    """Every route there is, with nothing before them."""
    from ui.api import build_api
    from ui.gate.signin import add_sign_in
    from ui.mcp.building import build_mcp, mount_mcp
    from ui.pages.site import mount_pages

    api = build_api(app, settings)
    mount_mcp(api, build_mcp(app, settings), settings)
    add_sign_in(api, keyring, rates, timedelta(hours=settings.session_hours))
    return mount_pages(api, app, host, port)
