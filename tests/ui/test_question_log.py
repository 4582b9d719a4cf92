"""What is asked through a face is kept; a log that cannot be written never costs anyone the answer."""

import asyncio
from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine

from rag.question import Question
from rag.questionlog import QuestionLog
from ui.app import App

UNKNOWN = Question.ask("Who won the football world cup in 2022?")


def test_a_question_asked_over_the_api_is_kept_with_status_and_reason(app: App, tmp_path: Path) -> None:
    log = QuestionLog.open(f"sqlite:///{tmp_path / 'log.sqlite'}", 30)
    answer = asyncio.run(replace(app, questions=log).answer(UNKNOWN, "api"))
    (kept,) = log.unanswered(days=1)
    assert answer.status == "abstained"
    assert (kept.question, kept.face, kept.status, kept.reason) == (UNKNOWN.text, "api", "abstained", "outside")


def test_an_answer_is_given_although_the_log_is_gone(app: App, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'log.sqlite'}")
    log = QuestionLog(engine, 30)
    (tmp_path / "log.sqlite").unlink()
    engine.dispose()
    assert asyncio.run(replace(app, questions=log).answer(UNKNOWN, "chat")).status == "abstained"


def test_asking_for_no_log_answers_all_the_same(app: App) -> None:
    assert asyncio.run(replace(app, questions=None).answer(UNKNOWN, "chat")).status == "abstained"
