"""Feedback and the log of questions on a real PostgreSQL, over HTTP; and where nothing is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine

from rag.questionlog import QuestionLog
from tests.postgres import postgres_server
from tests.ui.serving import serving
from ui.app import App
from ui.keys import Keyring

UNKNOWN = "Who won the football world cup in 2022?"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


def test_questions_and_feedback_are_kept_on_postgresql(app: App, home: Path, postgres: str) -> None:
    log = QuestionLog.open(postgres, 30)
    with serving(replace(app, questions=log), home) as address, httpx.Client(base_url=address, timeout=30) as client:
        answers = [
            client.post("/v1/answers", json={"question": question}).json()
            for question in (UNKNOWN, "What is leverage?", "What is an insurance fund?")
        ]
        for answer, rating in zip(answers, ("up", "up", "down"), strict=True):
            body = {"answer_id": answer["id"], "rating": rating, "comment": "naïve 🙂 \\ ' \""}
            assert client.post("/v1/feedback", json=body).status_code == 201
        body = {"answer_id": answers[0]["id"], "rating": "up", "comment": "nothing\x00here"}
        assert client.post("/v1/feedback", json=body).status_code == 422
        assert client.get("/readyz").json()["checks"]["question log"] == "ok"
    kept = [(asked.question, asked.face, asked.status, asked.rating) for asked in log.unanswered(1)]
    assert kept == [
        (UNKNOWN, "api", "abstained", "up"),
        ("What is an insurance fund?", "api", "answered", "down"),
    ]


def test_keys_live_on_postgresql_as_well(home: Path, postgres: str) -> None:
    keyring = Keyring.open(home, postgres)
    key, shown = keyring.create("shared", ["ask"])
    assert Keyring.open(home, postgres).key_of(shown) == key
    keyring.revoke(key.id)
    assert Keyring.open(home, postgres).key_of(shown) is None


def test_a_log_that_went_away_makes_the_server_not_ready(app: App, home: Path, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'log.sqlite'}")
    log = QuestionLog(engine, 30)
    with serving(replace(app, questions=log), home) as address:
        assert httpx.get(f"{address}/readyz").status_code == 200
        (tmp_path / "log.sqlite").unlink()
        engine.dispose()
        reply = httpx.get(f"{address}/readyz")
    assert (reply.status_code, reply.json()["status"]) == (503, "not ready")
    assert reply.json()["checks"]["question log"].startswith("failed")
    assert str(tmp_path) not in reply.text


def test_feedback_is_refused_where_questions_are_not_kept(app: App, home: Path) -> None:
    with serving(replace(app, questions=None), home) as address:
        answer = httpx.post(f"{address}/v1/answers", json={"question": "What is leverage?"}, timeout=30).json()
        reply = httpx.post(f"{address}/v1/feedback", json={"answer_id": answer["id"], "rating": "up"})
    assert reply.status_code == 409
    assert "MARKET_PULSE_RAG_QUESTION_LOG" in reply.json()["detail"]
