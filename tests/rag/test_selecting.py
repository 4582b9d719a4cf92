"""Sentences are chosen for what is asked, and the first of them stands alone."""

from datetime import date

import pytest

from knowledge.document import Passage
from knowledge.index import Hit
from rag.selecting import Weights, beside, best_run, leans

TEXT = (
    "The index blends prices of several exchanges. A stop is an order of the trader. Stops fire when their trigger is "
    "reached. For example, a stop at 100 USD may fill at 98 USD. Stops fail in an outage because the queue is full."
)


def hit(text: str, anchor: str = "a") -> Hit:
    passage = Passage(
        id=f"doc#{anchor}", slug="doc", anchor=anchor, kind="article", title="Doc", headings=(), text=text,
        questions=(), topic="t", updated=date(2025, 11, 4), sources=(), origin="doc.md",
    )  # fmt: skip
    return Hit(passage=passage, score=0.5, similarity=0.5, question_similarity=0.0, bm25=0.5)


@pytest.fixture(scope="module")
def weights() -> Weights:
    filler = [f"filler number{n} about nothing at all" for n in range(40)]
    return Weights([TEXT, "Margin is money set aside.", *filler])


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("why do stops fail in an outage", "Stops fail in an outage because the queue is full."),
        ("what does the index blend", "The index blends prices of several exchanges."),
    ],
)
def test_the_run_begins_where_the_answer_is(weights: Weights, question: str, first: str) -> None:
    assert best_run(hit(TEXT), question, 1, weights).spoken == (first,)


def test_a_run_never_begins_with_a_sentence_that_leans_on_the_one_before(weights: Weights) -> None:
    run = best_run(hit(TEXT), "how much may a stop at 100 USD lose, for example", 2, weights)
    assert not leans(run.spoken[0])


def test_what_is_left_open_is_taken_from_elsewhere(weights: Weights) -> None:
    other = hit("Margin is money set aside.", "b")
    added = beside([other], "what is a stop and what is margin", ["A stop is an order of the trader."], 2, 0.2, weights)
    assert [chosen.spoken for chosen in added] == [("Margin is money set aside.",)]
    assert beside([other], "what is a stop", ["A stop is an order of the trader."], 2, 0.2, weights) == []
