"""Why the market moves now: what happened first, then the causes of the crash under way, or that none is known."""

from datetime import UTC, datetime

import pytest

from rag.answer import Answer
from rag.question import Question
from ui.app import App

IN_THE_CRASH = datetime(2025, 11, 4, 22, tzinfo=UTC)
BEFORE_IT = datetime(2025, 11, 3, 2, tzinfo=UTC)


def answered(app: App, text: str, as_of: datetime) -> Answer:
    return app.ask(Question(text=text, as_of=as_of))


@pytest.mark.parametrize(
    "text", ["why did btc dump today", "why is everything red", "what's causing the bitcoin drop?"]
)
def test_within_a_crash_its_causes_follow_what_was_measured(app: App, text: str) -> None:
    answer = answered(app, text, IN_THE_CRASH)
    kinds = [receipt.kind for receipt in answer.evidence]
    assert kinds[0] == "reading"
    assert "4 November 2025" in next(receipt.title for receipt in answer.evidence if receipt.kind == "passage")
    assert "ETF" in answer.answer


def test_outside_a_known_crash_the_reason_stays_open(app: App) -> None:
    answer = answered(app, "why did btc dump today", BEFORE_IT)
    assert "stays open" in answer.answer
    assert {receipt.kind for receipt in answer.evidence} == {"reading"}


def test_a_rise_is_not_explained_by_the_causes_of_a_fall(app: App) -> None:
    answer = answered(app, "why is the market up today", IN_THE_CRASH)
    assert "stays open" in answer.answer


@pytest.mark.parametrize("text", ["why do liquidations make the price fall", "why did my long get closed today"])
def test_how_it_works_and_what_happened_to_me_are_other_questions(app: App, text: str) -> None:
    answer = answered(app, text, IN_THE_CRASH)
    assert answer.evidence[0].kind == "passage"
    assert "stays open" not in answer.answer
