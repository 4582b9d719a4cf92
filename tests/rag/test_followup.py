"""Follow-ups stand alone after the conversation before them is taken in."""

import pytest

from rag.followup import standalone
from rag.question import Turn


def ask(text: str, *earlier: str) -> str:
    return standalone(text, [Turn(role="user", content=content) for content in earlier], lambda _: ())[0]


@pytest.mark.parametrize(
    ("text", "earlier", "expected"),
    [
        ("and for ETH?", "How far is BTC below its high?", "How far is ETH below its high?"),
        ("what about solana", "How volatile is bitcoin right now?", "How volatile is SOL right now?"),
        ("and at 10x?", "Where is my liquidation price on a 20x long from 104k?", "10x"),
        ("what about the short side", "How much was liquidated on the long side today?", "short"),
        ("why?", "How much was liquidated on 10 October 2025?", "How much was liquidated on 10 October 2025: why?"),
    ],
)
def test_a_follow_up_takes_what_it_leaves_out(text: str, earlier: str, expected: str) -> None:
    assert expected in ask(text, earlier)


def test_a_whole_question_is_left_as_it_is() -> None:
    question = "What is the difference between the mark price and the last price of a contract?"
    assert ask(question, "How far is BTC below its high?") == question


def test_the_first_question_is_left_as_it_is() -> None:
    assert ask("why?") == "why?"


def test_a_chain_of_follow_ups_reaches_back_to_the_first_question() -> None:
    assert ask("and SOL?", "How far is BTC below its high?", "and for ETH?") == "How far is SOL below its high?"
