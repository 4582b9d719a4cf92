"""The API over real HTTP: answers, streams, searches, and problems as problem documents."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from market.calculators import CALCULATORS, calculate
from market.reading import Reading
from rag.answer import Answer
from rag.questionlog import QuestionLog
from ui.api.examples import example
from ui.api.openai import Completion
from ui.api.shapes import SearchResponse


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


def test_the_readings_of_a_dashboard_come_together_with_what_is_missing(client: httpx.Client) -> None:
    asked = {"asset": "ETH", "window": "6h", "as_of": "2025-11-04T21:00:00Z"}
    told = client.get("/v1/readings", params=asked).json()
    assert told["as_of"] == asked["as_of"]
    readings = {reading["metric"]: reading for reading in told["readings"]}
    for name in ("price", "max_drawdown", "liquidations_total"):
        assert readings[name] == client.get(f"/v1/metrics/{name}", params=asked).json()
    missing = {one["metric"]: one["reason"] for one in told["unread"]}
    assert "the store holds no open interest of ETH" in missing["open_interest"]
    assert not missing.keys() & readings.keys()


def test_health_and_readiness_tell_the_truth(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert set(ready["checks"].values()) == {"ok"}
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
        ("POST", "/v1/answers", {"question": "hi", "as_of": "0001-01-01T00:00:00Z"}, 422, "before 2009"),
        ("GET", "/v1/metrics/change?window=30d&as_of=0001-01-01T00:00:00Z", None, 422, "before 2009"),
        ("GET", "/v1/metrics/price?asset=NOPE", None, 404, "BTC"),
        ("GET", "/v1/metrics/change?window=soon", None, 422, "24h"),
        ("GET", "/v1/metrics/price?asset=BTC&as_of=2020-01-01T00:00:00Z", None, 404, "2025"),
        ("GET", "/v1/metrics/price?as_of=1762290000", None, 422, "2025-11-05T00:00:00Z"),
        ("GET", "/v1/metrics/price?param=colour=red", None, 422, "takes no parameter 'colour'; it takes source"),
        ("GET", "/v1/metrics/market_cap?asset=BTC", None, 422, "leave the asset out"),
        ("GET", "/v1/readings?asset=NOPE", None, 404, "BTC"),
        ("GET", "/v1/readings?asset=ALL", None, 422, "speaks of one asset"),
        ("GET", "/v1/readings?window=soon", None, 422, "24h"),
        ("GET", "/v1/search?q=", None, 422, "q"),
        ("GET", "/v1/metrics/price?param=level", None, 422, "level=95000"),
        ("POST", "/v1/answers", {"question": "hi", "stream": "yes"}, 422, "stream"),
        ("POST", "/v1/answers", {"question": "hi", "as_of": 0}, 422, "2025-11-05T00:00:00Z"),
        ("POST", "/v1/answers", {"question": "hi", "as_of": "1762290000"}, 422, "as_of"),
        ("QUERY", "/v1/answers", {"question": "hi"}, 405, "POST"),
        ("POST", "/v1/calculators/luck", {"side": "long"}, 404, "liquidation-price"),
        ("POST", "/v1/calculators/pnl", {"side": "long"}, 422, "entry"),
        ("POST", "/v1/calculators/pnl", {"side": "up", "entry": 1, "exit": 2, "quantity": 1}, 422, "long, short"),
        ("POST", "/v1/feedback", {"answer_id": "ans_unknown", "rating": "up"}, 404, "ans_unknown"),
        ("POST", "/v1/feedback", {"answer_id": "ans_unknown", "rating": "great"}, 422, "rating"),
        ("GET", "/v1/nothing", None, 404, "/docs"),
        ("GET", "/v1/answers", None, 405, "POST"),
        ("DELETE", "/healthz", None, 405, "GET"),
        ("GET", "/nothing-here", None, 404, ""),
        ("GET", "/gradio_api/nothing-here", None, 404, ""),
        ("GET", "/assets/nothing.js", None, 404, ""),
        ("DELETE", "/config", None, 405, ""),
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
    assert problem["request_id"] == reply.headers["x-request-id"]


def test_a_body_that_is_no_json_is_a_problem_too(client: httpx.Client) -> None:
    reply = client.post("/v1/answers", content="{", headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_told_which_one_to_send(client: httpx.Client, sent: str) -> None:
    body = b'{"question": "What is leverage?"}'
    reply = client.post("/v1/answers", content=body, headers={"Content-Type": sent})
    assert (reply.status_code, reply.headers["content-type"]) == (415, "application/problem+json")
    assert "application/json" in reply.json()["detail"]


def test_a_history_too_long_is_refused_with_what_to_do(client: httpx.Client) -> None:
    turn = {"role": "user", "content": "What is leverage?"}
    many = client.post("/v1/answers", json={"question": "and now?", "history": [turn] * 51})
    long = client.post("/v1/answers", json={"question": "and now?", "history": [{**turn, "content": "x" * 40_001}]})
    assert [(reply.status_code, "send the last" in reply.json()["detail"]) for reply in (many, long)] == [
        (422, True),
        (422, True),
    ]


def test_a_request_id_comes_back_and_a_dangerous_one_is_replaced(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "news-42"}).headers["x-request-id"] == "news-42"
    assert client.get("/healthz", headers={"X-Request-Id": "a b<c>"}).headers["x-request-id"] != "a b<c>"


def test_calculators_are_listed_and_give_what_the_command_line_gives(client: httpx.Client) -> None:
    listed = {one["name"]: one for one in client.get("/v1/calculators").json()}
    assert set(listed) == set(CALCULATORS)
    assert [one["name"] for one in listed["pnl"]["inputs"] if one["required"]] == ["side", "entry", "exit"]
    inputs: dict[str, float | str] = {"side": "long", "entry": 100_000, "leverage": 10, "venue": "binance"}
    got = client.post("/v1/calculators/liquidation-price", json=inputs).json()
    assert got == calculate("liquidation-price", inputs).model_dump(mode="json")


def test_a_metric_takes_its_parameters(client: httpx.Client) -> None:
    reply = client.get("/v1/metrics/distance_to_level", params={"asset": "BTC", "param": "level=95000"})
    assert reply.status_code == 200
    assert "95,000" in reply.json()["formula"]


def test_feedback_on_an_answer_is_kept_and_shows_the_question_as_a_gap(client: httpx.Client, built_home: Path) -> None:
    question = "What is a liquidation cascade, please?"
    answer = client.post("/v1/answers", json={"question": question}).json()
    body = {"answer_id": answer["id"], "rating": "down", "comment": "too long"}
    assert client.post("/v1/feedback", json=body).status_code == 201
    log = QuestionLog.open(f"sqlite:///{built_home / 'questions.sqlite'}", 90)
    assert [asked.rating for asked in log.unanswered(1) if asked.question == question] == ["down"]


def test_prometheus_finds_answers_stages_requests_and_the_index(client: httpx.Client) -> None:
    client.post("/v1/answers", json={"question": "What is leverage?"})
    text = client.get("/metrics").text
    assert 'market_pulse_answers_total{face="api",model="composer",status="answered"}' in text
    assert 'market_pulse_stage_seconds_count{stage="retrieve"}' in text
    assert 'market_pulse_requests_total{method="POST",route="/v1/answers",status="200"}' in text
    assert 'market_pulse_market_data{mode="reconstruction"} 1.0' in text
    assert "market_pulse_feed_age_seconds" not in text
    (passages,) = [line for line in text.splitlines() if line.startswith("market_pulse_index_passages ")]
    assert float(passages.split()[1]) > 300


def test_replies_carry_the_headers_that_keep_a_browser_safe(client: httpx.Client) -> None:
    for path in ("/", "/v1/faq", "/docs", "/v1/nothing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_the_documentation_fetches_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/docs").text
    assert "/v1/chat/completions" in page
    assert "src=" not in page
    assert [link for link in re.findall(r'href="([^"]+)"', page) if not link.startswith("/")] == []


def test_the_examples_of_the_documentation_are_what_the_product_gives() -> None:
    Answer.model_validate(example("answer"))
    Completion.model_validate(example("completion"))
    Reading.model_validate(example("reading"))
    SearchResponse.model_validate(example("search"))
    shown = example("calculation")
    assert calculate(shown["calculation"], {"side": "long", "entry": 100_000, "leverage": 10}).model_dump() == shown
