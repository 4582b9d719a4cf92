"""`serve` says where it is once it listens, and refuses a taken port with one line."""

import socket
from collections.abc import Callable

from tests.ui.conftest import Done


def test_a_taken_port_is_one_clear_line(run: Callable[..., Done]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: cannot listen on 127.0.0.1:{port}: address already in use")
    assert "--port" in done.stderr
