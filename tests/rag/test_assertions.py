"""What a message takes for granted is told apart from what it asks."""

import pytest

from rag.assertions import assertions


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("open interest is the trading volume, right?", ("open interest is the trading volume",)),
        ("I thought the exchange keeps the funding", ("the exchange keeps the funding",)),
        ("Since Terra was hacked in May 2022, who did it?", ("Terra was hacked in May 2022",)),
        ("when it is positive shorts pay longs, right?", ("when it is positive shorts pay longs",)),
        ("where has the 2 billion gone that longs paid out on monday", ("longs paid the 2 billion out on monday",)),
        ("bitcoin never lost half in a day. prove me wrong", ("bitcoin never lost half in a day",)),
    ],
)  # fmt: skip
def test_statements_are_found_without_their_tags(text: str, stated: tuple[str, ...]) -> None:
    assert assertions(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "What is open interest?",
        "whats my margin ratio on binance",
        "initial margin vs maintenance margin difference",
        "25 feb 2025 liquidations??",
        "how do i add margin",
        "what does the exchange do with the fees that traders pay",
        "where is the margin shown that i put in",
        "notional??",
    ],
)
def test_plain_questions_and_fragments_state_nothing(text: str) -> None:
    assert assertions(text) == ()
