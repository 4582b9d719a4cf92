"""A message is cut into its questions by grammar alone; what only tells stays with the question it belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reader.clauses import questions_of


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("What is a margin call?", ["What is a margin call?"]),
        ("Explain mark price", ["Explain mark price"]),
        ("gm", ["gm"]),
        ("", [""]),
        (
            "How does funding work? Who pays it? And when is it paid?",
            ["How does funding work?", "Who pays it?", "And when is it paid?"],
        ),
        (
            "how low did btc go on 19 may 2021, and how many traders were wiped out?",
            ["how low did btc go on 19 may 2021", "how many traders were wiped out?"],
        ),
        ("what is oi; how is it measured", ["what is oi", "how is it measured"]),
        ("can i get my money back or is it gone", ["can i get my money back", "is it gone"]),
    ],
)
def test_each_question_is_one(message: str, questions: list[str]) -> None:
    assert questions_of(message) == questions


@pytest.mark.parametrize(
    "message",
    [
        "I bought the top in May. Is the insurance fund there for me?",
        "How low did ETH go in the Luna crash? I remember something like 1,700.",
        "Price fell to 3.5k on Dec. 5 2024. Why?",
        "why do longs and shorts both pay fees?",
        "Does Binance or Bybit have a bigger fund?",
        "tell me about ftx and luna",
    ],
)
def test_what_is_told_and_what_is_listed_stays_in_its_question(message: str) -> None:
    assert questions_of(message) == [message]


@pytest.mark.parametrize(
    "message",
    [
        "What is the U.S. doing about leverage?",
        "whats adl and why does it hit winners",
        "explain funding and how it is paid",
    ],
)
def test_each_question_stands_in_the_message_word_for_word(message: str) -> None:
    questions = questions_of(message)
    assert [question for question in questions if question not in message] == []
    assert [question for question in questions if len(question.split()) < 2 or question.startswith("doing")] == []


def test_a_fourth_question_is_not_lost() -> None:
    message = "what is leverage, what is margin, what is funding, what is basis"
    assert "basis" in " ".join(questions_of(message))


@given(st.text(max_size=300))
def test_any_text_has_one_to_three_questions(message: str) -> None:
    assert 1 <= len(questions_of(message)) <= 3


@given(
    st.lists(st.sampled_from(["what is adl?", "and how big is it?", "I was long.", "why; so", "or is it", ",", "btc"]))
)
def test_no_question_has_words_that_the_message_lacks(pieces: list[str]) -> None:
    message = " ".join(pieces)
    for question in questions_of(message):
        assert set(question.split()) <= {word.strip(" ,;") for word in message.split()} | set(message.split())
