"""Runs the served app: says where it is once it really listens, and refuses a taken port with one line."""

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from ui.errors import AddressUnusable

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class _AnnouncedServer(uvicorn.Server):
    """A server that calls back when its sockets are open."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises AddressUnusable if the port is taken or the host is not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        reason = (error.strerror or str(error)).lower()
        raise AddressUnusable(f"cannot listen on {host}:{port}: {reason}; choose another with --port") from error
    return bound


def run(served: "ASGIApp", bound: socket.socket, announce: Callable[[], None], seconds_to_finish: int) -> None:
    """Serves on `bound` until interrupted; answers under way then have `seconds_to_finish`."""
    config = uvicorn.Config(served, log_level="warning", timeout_graceful_shutdown=seconds_to_finish)
    _AnnouncedServer(config, announce).run(sockets=[bound])
