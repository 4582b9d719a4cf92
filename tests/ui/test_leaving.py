"""A client that leaves frees its work, a server that stops finishes its answers, a failure is told and not leaked."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from langchain_core.runnables import RunnableLambda

from rag.question import Question
from rag.streaming import Streaming
from tests.ui.holding import Held, holding, until
from tests.ui.serving import running, serving
from ui.app import App
from ui.keys import Keyring
from ui.server import listen
from ui.serving import build_served
from ui.settings import UiSettings
from ui.telemetry import Telemetry

ASK = {"question": "What is leverage?"}


@pytest.fixture
def held(app: App) -> Iterator[Held]:
    with holding(app) as found:
        yield found


@pytest.mark.parametrize("path", ["/v1/answers", "/v1/chat/completions"])
@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_frees_its_work(held: Held, home: Path, path: str, *, stream: bool) -> None:
    chat = {"model": "market-pulse", "messages": [{"role": "user", "content": ASK["question"]}]}
    body = {**(ASK if path == "/v1/answers" else chat), "stream": stream}
    with serving(held.app, home) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            request = httpx.Request("POST", address + path, json=body)
            head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
            client.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + request.read())
            assert held.waiting.wait(60)
        assert held.freed.wait(60)
        until(lambda: 'answers_abandoned_total{face="api"} 1.0' in httpx.get(f"{address}/metrics").text)
        assert 'answers_under_way{face="api"} 0.0' in httpx.get(f"{address}/metrics").text


@pytest.mark.parametrize("stream", [True, False])
def test_a_server_told_to_stop_finishes_the_answers_under_way(held: Held, home: Path, *, stream: bool) -> None:
    bound = listen("127.0.0.1", 0)
    port = bound.getsockname()[1]
    served = build_served(held.app, UiSettings(), Keyring.open(home, None), "127.0.0.1", port)
    replies: list[httpx.Response] = []

    def ask() -> None:
        body = {**ASK, "stream": stream}
        replies.append(httpx.post(f"http://127.0.0.1:{port}/v1/answers", json=body, timeout=90))

    with running(served, bound, seconds_to_finish=60) as server:
        asking = threading.Thread(target=ask)
        asking.start()
        assert held.waiting.wait(60)
        server.should_exit = True
        until(lambda: not _connects(port))
        held.let_go.set()
        asking.join(60)
    assert [reply.status_code for reply in replies] == [200]
    assert '"status":"answered"' in replies[0].text


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.fixture
def broken(app: App) -> App:
    def fail(question: Question) -> NoReturn:
        raise ZeroDivisionError("the secret of the house")

    class Failing(Streaming):
        def __init__(self) -> None:
            """Streams nothing."""

        def __call__(self, question: Question) -> NoReturn:
            fail(question)

    chain = RunnableLambda(fail, name="fail") | app.explaining
    return replace(app, explaining=chain, streaming=Failing(), telemetry=Telemetry())


def test_a_failure_of_ours_is_a_problem_that_gives_nothing_away(broken: App, home: Path) -> None:
    with serving(broken, home) as address:
        reply = httpx.post(f"{address}/v1/answers", json=ASK, headers={"X-Request-Id": "r1"}, timeout=30)
        metrics = httpx.get(f"{address}/metrics").text
    assert (reply.status_code, reply.headers["content-type"]) == (500, "application/problem+json")
    assert (reply.json()["request_id"], reply.headers["x-request-id"]) == ("r1", "r1")
    assert "secret" not in reply.text
    assert 'market_pulse_answers_failed_total{error="ZeroDivisionError",face="api"} 1.0' in metrics


def test_a_failure_inside_a_stream_is_told_in_it(broken: App, home: Path) -> None:
    with serving(broken, home) as address:
        reply = httpx.post(f"{address}/v1/answers", json={**ASK, "stream": True}, timeout=30)
    assert reply.text.startswith("event: problem\n")
    assert '"status":500' in reply.text
    assert "secret" not in reply.text
