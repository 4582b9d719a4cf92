"""Admin: shut without a key of its scope, and with one the index, gaps with stubs, feedback and the last evals."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient

from eval.gate import COMMITTED_BASELINE
from eval.run import RUN_FILE, read_run
from rag.question import Question
from rag.questionlog import QuestionLog
from ui.app import App
from ui.gate.gating import gated
from ui.gate.rates import Rates
from ui.keys import Keyring
from ui.pages.admin.routes import admin_routes, last_run
from ui.settings import UiSettings

UNKNOWN = "Who won the football world cup in 2022?"


@pytest.fixture
def watched(app: App, tmp_path: Path) -> App:
    """The app with a home and a question log of its own."""
    return replace(app, home=tmp_path, questions=QuestionLog.open(f"sqlite:///{tmp_path / 'log.sqlite'}", 30))


@pytest.fixture
def admin(watched: App) -> Iterator[TestClient]:
    """A browser whose key may see Admin, at the pages behind their gate."""
    client, keyring = _behind_the_gate(watched)
    _, secret = keyring.create("maintainer", ["admin"])
    client.headers["Authorization"] = f"Bearer {secret}"
    with client:
        yield client


def _behind_the_gate(app: App) -> tuple[TestClient, Keyring]:
    served, settings = FastAPI(), UiSettings()
    served.include_router(admin_routes(app))
    keyring = Keyring.open(app.home, None)
    gate = gated(served, "127.0.0.1", settings, keyring, Rates(settings), app.telemetry)
    return TestClient(gate, base_url="http://127.0.0.1"), keyring


@pytest.mark.parametrize("path", ["/admin", "/admin/stubs.yaml", "/admin/report"])
def test_admin_is_shut_without_an_admin_key(watched: App, path: str) -> None:
    client, keyring = _behind_the_gate(watched)
    assert client.get(path).status_code == 403
    _, secret = keyring.create("reader", ["ask", "read"])
    assert client.get(path).status_code == 401
    assert client.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 403


def test_admin_says_what_the_index_holds_and_what_data_are_there(admin: TestClient, watched: App) -> None:
    shown = admin.get("/admin").text
    assert f"{len(watched.library.index):,} passages" in shown
    articles = [document for document in watched.library.documents() if document.kind == "article"]
    assert f"{len(articles)} articles" in shown
    assert "Reconstruction, not exchange data: reconstruction of 4 November 2025" in shown


def test_an_unanswered_question_becomes_a_stub(admin: TestClient, watched: App) -> None:
    asyncio.run(watched.answer(Question.ask(UNKNOWN), "chat"))
    assert UNKNOWN in admin.get("/admin").text
    stub = admin.get("/admin/stubs.yaml", params={"question": UNKNOWN})
    assert "attachment" in stub.headers["content-disposition"]
    assert yaml.safe_load(stub.text)["entries"][0]["question"] == UNKNOWN
    assert admin.get("/admin/stubs.yaml", params={"question": "never asked"}).status_code == 404


def test_feedback_is_shown_with_its_reason(admin: TestClient, watched: App) -> None:
    answer = asyncio.run(watched.answer(Question.ask("What is leverage?"), "chat"))
    watched.rate(answer.id, "down", "It is hard to understand: <b>terms</b>")
    shown = admin.get("/admin").text
    assert "It is hard to understand: &lt;b&gt;terms&lt;/b&gt;" in shown


def test_the_last_evals_are_summed_up_and_their_report_opened(admin: TestClient, watched: App) -> None:
    assert "No evals were run here yet" in admin.get("/admin").text
    assert admin.get("/admin/report").status_code == 404
    for moment in ("20251105T000000Z", "20251106T000000Z"):
        shutil.copytree(COMMITTED_BASELINE, watched.home / "runs" / moment)
    cases = len(read_run(COMMITTED_BASELINE).results)
    assert last_run(watched.home) == watched.home / "runs" / "20251106T000000Z"
    assert f"20251106T000000Z: {cases} cases, passed 0." in admin.get("/admin").text
    assert "<html" in admin.get("/admin/report").text


def test_a_run_that_cannot_be_read_is_told_and_breaks_nothing(admin: TestClient, watched: App) -> None:
    folder = watched.home / "runs" / "20251105T000000Z"
    folder.mkdir(parents=True)
    (folder / RUN_FILE).write_text("{}")
    assert "The run 20251105T000000Z cannot be read" in admin.get("/admin").text
