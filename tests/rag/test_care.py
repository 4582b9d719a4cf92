"""Parts that cannot be answered are said to stay open, advice is taught on its subject, whole calculations are made."""

import pytest

from rag.question import Question
from ui.app import App


def test_a_part_about_the_future_stays_open_and_the_other_is_answered(app: App) -> None:
    answer = app.ask(Question.ask("what is open interest and what will the price be next year?"))
    assert answer.status == "answered"
    assert "still open" in answer.answer or "open at a moment" in answer.answer
    assert "does not predict" in answer.claims[-1].text


@pytest.mark.parametrize(
    "question",
    [
        "shud i sel my bags b4 it goes lower",
        "would it be crazy to take a loan for this dip?",
        "where should i put my stop on a long from 95k",
        "how should people react to a crash like this",
    ],
)
def test_whoever_seeks_advice_is_taught_and_told_that_it_is_none(app: App, question: str) -> None:
    answer = app.ask(Question.ask(question))
    assert answer.status == "educated"
    assert "does not give financial advice" in answer.claims[0].text
    assert any(claim.evidence for claim in answer.claims)


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("down 60%, how much up do i need to break even?", "150%"),
        ("what is the bankruptcy price of a 20x short from 50k?", "52,500 USD"),
        ("20x long from 100k, what % drop liquidates me", "4.5%"),
        ("short 2 btc from 90k, closes at 85k, how much profit", "10,000 USD"),
        ("in the october crash how many traders were liquidated", "1,600,000"),
    ],
)
def test_what_is_complete_is_worked_out(app: App, question: str, result: str) -> None:
    said = " ".join(claim.text for claim in app.ask(Question.ask(question)).claims)
    assert result in said


@pytest.mark.parametrize("question", ["what is adl", "how much was liquidated on 10 october 2025", "should i sell"])
def test_what_is_offered_next_can_be_answered(app: App, question: str) -> None:
    offered = app.ask(Question.ask(question)).follow_ups
    assert offered
    assert {app.ask(Question.ask(text)).status for text in offered} <= {"answered", "educated"}
