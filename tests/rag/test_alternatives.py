"""What a calculation assumes is said, and the other case is offered as a question that is really answered."""

import pytest

from rag.alternatives import OTHER_MODE
from rag.answer import Answer
from rag.question import Question
from ui.app import App


def _ask(app: App, text: str) -> Answer:
    return app.ask(Question.ask(text))


def _inputs(answer: Answer) -> list[dict[str, object]]:
    return [dict(item.detail["inputs"]) for item in answer.evidence if item.kind == "calculation"]


@pytest.mark.parametrize(
    "text",
    [
        "What is my liquidation price on a 10x long from 100000?",
        "liq price of a 25x short entry 60,000 with 0.4% maintenance margin rate",
        "opened 0.05 btc long at 62k 20x isolated",
        "my long 0.5 btc from 100k to 95k, how much did i lose",
        "bankruptcy price of a 25x short from 90k",
        "how far can a 10x long from 100k fall before liquidation",
    ],
)
def test_the_other_contract_is_offered_and_worked_out_when_asked(app: App, text: str) -> None:
    answer = _ask(app, text)
    assert any("a linear contract" in claim.text for claim in answer.claims)
    offered = next(question for question in answer.follow_ups if "coin-margined" in question)
    assert {given["contract"] for given in _inputs(answer)} == {"linear"}
    other = _inputs(_ask(app, offered))
    assert {given["contract"] for given in other} == {"inverse"}
    assert [{**given, "contract": "linear"} for given in other] == _inputs(answer)


def test_from_a_coin_margined_contract_the_linear_one_is_offered(app: App) -> None:
    answer = _ask(app, "liquidation price of an inverse long, entry 50,000 USD, 10x")
    assert answer.follow_ups[0] == "liquidation price of a USD-margined long, entry 50,000 USD, 10x?"
    assert {given["contract"] for given in _inputs(_ask(app, answer.follow_ups[0]))} == {"linear"}


def test_without_a_venue_both_conventions_are_told_and_a_venue_s_own_is_offered(app: App) -> None:
    answer = _ask(app, "whats the liq price of a 20x long btc from 104k")
    assert {given["convention"] for given in _inputs(answer)} == {"entry", "exit"}
    offered = next(question for question in answer.follow_ups if "Binance" in question)
    assert [given["convention"] for given in _inputs(_ask(app, offered))] == ["exit"]


def test_a_venue_in_the_question_decides_the_convention_and_is_named(app: App) -> None:
    answer = _ask(app, "liq price of a 10x long from 100k on bybit")
    assert [(given["venue"], given["convention"]) for given in _inputs(answer)] == [("bybit", "entry")]
    assert any("Bybit charges maintenance margin" in claim.text for claim in answer.claims)


def test_the_other_margin_mode_is_offered_and_explained_when_asked(app: App) -> None:
    assert OTHER_MODE in _ask(app, "liq price of a 10x long from 100k").follow_ups
    explained = _ask(app, OTHER_MODE)
    assert explained.status == "answered"
    assert "cross" in explained.claims[0].text.lower()


def test_asked_for_cross_margin_the_answer_says_that_it_worked_out_isolated(app: App) -> None:
    said = [claim.text for claim in _ask(app, "whats the liq price of a 20x cross long btc from 104k").claims]
    assert any("worked out for isolated margin" in text for text in said)
    assert not any("worked out for isolated" in c.text for c in _ask(app, "liq price of a 10x long from 100k").claims)
