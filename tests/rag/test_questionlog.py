"""Questions are kept to find gaps, without who asked, and not for longer than they should be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from rag.answer import Abstention, Answer
from rag.questionlog import QuestionLog, reason_for
from tests.eval.conftest import answer, dropped, part, trace

BEGIN = datetime(2025, 11, 5, 12, tzinfo=UTC)


class Clock:
    now = BEGIN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> QuestionLog:
    return QuestionLog(create_engine(f"sqlite:///{tmp_path / 'questions.sqlite'}"), 30, clock)


def test_unanswered_questions_are_given_back_with_their_reason(log: QuestionLog) -> None:
    log.record(answer("Words."), trace(part()), "chat")
    gap = Abstention(reason="not_published", missing=("how many",))
    log.record(answer("No.", status="abstained", question="Mt. Gox?", abstention=gap), trace(part()), "api")
    (only,) = log.unanswered(days=7)
    assert (only.question, only.face, only.status, only.reason) == ("Mt. Gox?", "api", "abstained", "not_published")
    assert log.count() == 2


def test_an_answer_rated_badly_is_a_gap_until_it_is_rated_well(log: QuestionLog) -> None:
    log.record(answer("Words."), trace(part()), "chat")
    assert log.rate("ans_1", "down", "does not say why")
    assert [one.rating for one in log.unanswered(days=7)] == ["down"]
    assert log.rate("ans_1", "up")
    assert log.unanswered(days=7) == []


def test_a_rating_of_an_unknown_answer_is_not_kept(log: QuestionLog) -> None:
    assert not log.rate("ans_unknown", "down")


def test_what_is_older_than_the_retention_time_is_removed_without_a_restart(log: QuestionLog, clock: Clock) -> None:
    log.record(answer("No.", status="abstained"), trace(part()), "chat")
    clock.now = BEGIN + timedelta(days=31)
    log.record(answer("No.", status="abstained"), trace(part()), "chat")
    assert log.count() == 1


def test_nothing_that_says_who_asked_is_kept(log: QuestionLog, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'questions.sqlite'}")
    with engine.connect() as connection:
        columns = {row[1] for row in connection.execute(text("PRAGMA table_info(questions)"))}
    assert columns == {"id", "answer_id", "asked_at", "face", "question", "standalone", "status", "reason"}


@pytest.mark.parametrize(
    ("got", "reason"),
    [
        (answer("Words."), "answered"),
        (answer("Words.", partial=True, abstention=Abstention(reason="not_published")), "partly"),
        (answer("Words.", status="educated", guard="advice"), "advice"),
        (answer("Words.", status="educated", guard="distress"), "distress"),
        (answer("Words.", status="refused", guard="injection"), "injection"),
        (answer("No.", status="abstained", guard="outside", abstention=Abstention(reason="outside")), "outside"),
        (answer("No.", status="abstained", abstention=Abstention(reason="no_market_data")), "no_market_data"),
        (answer("No.", status="abstained", abstention=Abstention(reason="ambiguous")), "ambiguous"),
        (answer("No.", status="abstained"), "not_on_shelf"),
    ],
)
def test_the_reason_says_what_decided(got: Answer, reason: str) -> None:
    assert reason_for(got, trace(part())) == reason


def test_an_answer_of_which_nothing_was_left_says_so() -> None:
    how = trace(part(), sentences=(dropped("It fell 9%."),))
    assert reason_for(answer("No.", status="abstained"), how) == "dropped_by_verification"
