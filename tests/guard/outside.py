"""Refuses every connection and look-up that leaves this machine: the product must work, and stay silent, without."""

import socket
from collections.abc import Callable
from pathlib import Path

_HERE = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None, b"localhost", b"127.0.0.1"})  # noqa: S104


class OutsideConnectionError(OSError):
    """Something tried to reach what is not this machine."""


def guarded_environment(attempts: Path) -> dict[str, str]:
    """What a Python process needs in its environment to be blocked from its start on, telling `attempts`."""
    here = Path(__file__).parent
    return {"PYTHONPATH": f"{here}:{here.parent.parent}", "MARKET_PULSE_TEST_OUTSIDE_LOG": str(attempts)}


def block_outside_sockets(told: Callable[[str], None]) -> Callable[[], None]:
    """Blocks until the function it returns is called; `told` hears of each attempt, which then fails."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(attempt: str) -> None:
        told(attempt)
        raise OutsideConnectionError(attempt)

    def checked(address: object) -> None:
        if isinstance(address, tuple) and address[0] not in _HERE:
            refuse(f"connection to {address[0]}")

    def guarded_connect(self: socket.socket, address: object) -> None:
        checked(address)
        return connect(self, address)  # type: ignore[arg-type]  # the socket takes every family's own address

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        checked(address)
        return connect_ex(self, address)  # type: ignore[arg-type]  # as above

    def guarded_resolve(host: object, *args: object, **kwargs: object) -> object:
        if host not in _HERE:
            refuse(f"look-up of {host!r}")
        return resolve(host, *args, **kwargs)  # type: ignore[arg-type]  # passed through as given

    socket.socket.connect = guarded_connect  # type: ignore[method-assign,assignment]  # the point of this module
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign,assignment]  # as above
    socket.getaddrinfo = guarded_resolve  # type: ignore[assignment]  # as above

    def restore() -> None:
        socket.socket.connect = connect  # type: ignore[method-assign]  # as it was
        socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]  # as it was
        socket.getaddrinfo = resolve

    return restore
