"""The API over real HTTP: answers, streams, searches, and problems as problem documents."""

import json
from collections.abc import Iterator

import httpx
import pytest


@pytest.fixture
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def test_an_answer_comes_with_receipts(client: httpx.Client) -> None:
    reply = client.post("/v1/answers", json={"question": "What are forced liquidations in crypto trading?"})
    answer = reply.json()
    assert reply.status_code == 200
    assert answer["status"] == "answered"
    assert {n for claim in answer["claims"] for n in claim["evidence"]} == {item["n"] for item in answer["evidence"]}


def test_history_makes_a_follow_up_stand_alone(client: httpx.Client) -> None:
    body = {
        "question": "and for ETH?",
        "history": [
            {"role": "user", "content": "How far is BTC below its all-time high right now?"},
            {"role": "assistant", "content": "It stands below its high."},
        ],
    }
    assert "ETH" in client.post("/v1/answers", json=body).json()["standalone_question"]


def test_as_of_moves_the_market(client: httpx.Client) -> None:
    question = "What is the price of bitcoin right now?"
    replies = [
        client.post("/v1/answers", json={"question": question, "as_of": as_of}).json()
        for as_of in ("2025-11-03T12:00:00Z", "2025-11-04T22:00:00Z")
    ]
    assert replies[0]["answer"] != replies[1]["answer"]
    assert [reply["data"]["as_of"] for reply in replies] == ["2025-11-03T12:00:00Z", "2025-11-04T22:00:00Z"]


def test_a_stream_sends_each_claim_and_then_the_whole_answer(client: httpx.Client) -> None:
    body = {"question": "What is open interest?", "stream": True}
    with client.stream("POST", "/v1/answers", json=body) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in reply.iter_lines() if line]
    events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    data = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert events == ["claim"] * (len(events) - 1) + ["answer"]
    assert [item["text"] for item in data[:-1]] == [claim["text"] for claim in data[-1]["claims"]]


def test_search_metrics_events_and_faq_answer(client: httpx.Client) -> None:
    assert len(client.get("/v1/search", params={"q": "insurance fund", "k": 2}).json()["results"]) == 2
    assert "max_drawdown" in {metric["name"] for metric in client.get("/v1/metrics").json()}
    reading = client.get("/v1/metrics/max_drawdown", params={"asset": "BTC", "window": "24h"}).json()
    assert 0 < reading["value"] < 1
    assert len(client.get("/v1/events").json()) >= 22
    assert "what-caused-the-plunge" in " ".join(entry["id"] for entry in client.get("/v1/faq").json())


def test_health_and_readiness_tell_the_truth(client: httpx.Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    ready = client.get("/readyz").json()
    assert ready["passages"] > 300
    assert ready["data_mode"] == "reconstruction"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/v1/answers", {}, 422, "question"),
        ("POST", "/v1/answers", {"question": "   "}, 422, "empty"),
        ("POST", "/v1/answers", {"question": "hi", "colour": "red"}, 422, "colour"),
        ("POST", "/v1/answers", {"question": "hi", "as_of": "2025-11-05T00:00:00"}, 422, "as_of"),
        ("GET", "/v1/metrics/luck", None, 404, "max_drawdown"),
        ("GET", "/v1/metrics/price?asset=NOPE", None, 404, "BTC"),
        ("GET", "/v1/metrics/change?window=soon", None, 422, "24h"),
        ("GET", "/v1/metrics/price?asset=BTC&as_of=2020-01-01T00:00:00Z", None, 404, "2025"),
        ("GET", "/v1/search?q=", None, 422, "q"),
    ],
)
def test_problems_are_problem_documents_that_say_what_to_do(
    client: httpx.Client, method: str, path: str, body: dict[str, str] | None, status: int, says: str
) -> None:
    reply = client.request(method, path, json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert says in problem["detail"]
