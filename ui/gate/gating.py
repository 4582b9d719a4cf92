"""Puts the layers of the gate around what is served, and decides whether it may be served there at all."""

import ipaddress

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from ui.errors import NoKey
from ui.gate.access import Access
from ui.gate.bodies import BodyLimit
from ui.gate.edge import Edge
from ui.gate.errors import Errors
from ui.gate.names import Names
from ui.gate.rates import RateLimit, Rates
from ui.keys import Keyring
from ui.settings import UiSettings
from ui.telemetry import Telemetry


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_open_door(host: str, keyring: Keyring) -> None:
    """Raises NoKey if others could reach `host` and nothing would be asked of them."""
    if not is_loopback(host) and not keyring.usable():
        raise NoKey(host)


def gated(
    served: ASGIApp, host: str, settings: UiSettings, keyring: Keyring, rates: Rates, telemetry: Telemetry
) -> ASGIApp:
    """`served` as it may face the outside when it listens on `host`: every route, Gradio's own included."""
    loopback = is_loopback(host)
    layered: ASGIApp = BodyLimit(Errors(served), settings.body_bytes)
    layered = RateLimit(layered, rates)
    layered = Access(layered, keyring, rates, loopback=loopback)
    if settings.cors_origins:
        # Outside of the keys: a browser asks before it sends one.
        layered = CORSMiddleware(
            layered,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-Request-Id"],
            expose_headers=["X-Request-Id", "Retry-After"],
        )
    layered = Names(layered, host, loopback=loopback, allowed=settings.allowed_hosts, origins=settings.cors_origins)
    return Edge(layered, telemetry, settings.embed_origins)
