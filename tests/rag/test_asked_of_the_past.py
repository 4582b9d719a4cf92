"""Words that sound like advice, a forecast or a cause are read by what they are asked of."""

import pytest

from rag.question import Question
from ui.app import App


@pytest.mark.parametrize(
    ("question", "status", "said"),
    [
        ("what was the Feb 2026 bottom of btc", "answered", "60,000 USD"),
        ("if ADL hits me do i keep the profit until then?", "answered", "profit"),
        ("how much got liquidated in the past 24 hrs?", "answered", "USD of crypto positions were liquidated"),
        ("crypto marketcap right now", "answered", "trillion USD"),
        ("they closed it all in one go. is that how it works?", "answered", "position"),
        ("when exactly is the next 10 billion liquidation day", "abstained", "does not predict"),
        ("stay in or get out?", "educated", "does not give financial advice"),
    ],
)
def test_what_is_asked_decides(app: App, question: str, status: str, said: str) -> None:
    answer = app.ask(Question.ask(question))
    assert (answer.status, said in answer.answer) == (status, True)


def test_a_cause_asked_of_something_else_is_not_that_of_the_crash(app: App) -> None:
    answer = app.ask(Question.ask("i was hedged on 10/10 and the short got closed, how come ADL exists at all"))
    assert "tariff" not in answer.claims[0].text
