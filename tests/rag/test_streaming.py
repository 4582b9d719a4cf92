"""An answer told sentence by sentence is the answer told at once."""

import asyncio
from contextlib import aclosing

from rag.answer import Answer
from rag.question import Question
from rag.streaming import Said
from ui.app import App


def streamed(app: App, text: str) -> tuple[list[Said], list[Answer]]:
    async def collect() -> tuple[list[Said], list[Answer]]:
        said: list[Said] = []
        answers: list[Answer] = []
        async for one in app.stream(Question.ask(text), "api"):
            if isinstance(one, Said):
                assert not answers, "the answer comes last"
                said.append(one)
            else:
                answers.append(one)
        return said, answers

    return asyncio.run(collect())


def test_the_stream_says_what_the_answer_says_and_brings_each_receipt_once(app: App) -> None:
    text = "How much was liquidated on 10 October 2025, and what is a liquidation cascade?"
    said, answers = streamed(app, text)
    assert len(answers) == 1
    whole = app.ask(Question.ask(text))
    assert tuple(one.claim for one in said) == whole.claims == answers[0].claims
    assert tuple(item for one in said for item in one.receipts) == whole.evidence


def test_each_receipt_is_there_before_or_with_the_sentence_that_cites_it(app: App) -> None:
    said, _ = streamed(app, "How much was liquidated on 10 October 2025?")
    known: set[int] = set()
    for one in said:
        known.update(item.n for item in one.receipts)
        assert set(one.claim.evidence) <= known


def test_paragraphs_are_counted_as_the_answer_sets_them(app: App) -> None:
    said, answers = streamed(app, "How much was liquidated on 10 October 2025, and what is open interest?")
    assert said[0].paragraph == 0
    assert said[-1].paragraph == answers[0].answer.count("\n\n")
    assert [one.paragraph for one in said] == sorted(one.paragraph for one in said)


def test_a_client_that_leaves_early_gets_nothing_more_and_breaks_nothing(app: App) -> None:
    async def leave() -> list[object]:
        async with aclosing(app.stream(Question.ask("What is open interest?"), "api")) as told:
            return [await anext(told)]

    assert isinstance(asyncio.run(leave())[0], Said)
