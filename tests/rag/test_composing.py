"""Answers of the composer over the bundled shelf read as one text and come in the promised order."""

import re

import pytest
from rapidfuzz import fuzz

from eval.case import COMMITTED, load_cases
from rag.answer import Answer
from rag.question import Question
from rag.stating import reading_claims
from ui.app import App

_LEANS = re.compile(
    r"^(?:for example|in the (?:example|same)|such|this|these|that|those|it|its|they|their|he|she|the same|another|also"
    r"|a second|other|others|both|neither|either|beyond|however|therefore|thus|so|but|and|then|there|here|too)\b",
    re.IGNORECASE,
)
"""How a sentence begins that needs the one before it."""


def _ask(app: App, text: str, *history: str) -> Answer:
    return app.ask(Question.ask(text, history))


def test_a_crash_asked_for_as_a_whole_is_told_in_order(app: App) -> None:
    answer = _ask(app, "what happened in the yen carry crash of august 2024?")
    kinds = [item.kind for item in answer.evidence]
    assert "yen" in answer.answer
    assert answer.evidence[0].kind == "passage"
    assert "figure" in kinds
    anchors = [item.detail.get("anchor") for item in answer.evidence if item.kind == "passage"]
    assert anchors == ["what-happened", "causes", "what-followed"]


def test_the_cause_of_a_crash_is_told_and_not_its_totals(app: App) -> None:
    first = _ask(app, "what set off the october 2025 crash").claims[0].text
    assert "tariff" in first.lower()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Compare October 2025 with the FTX collapse", ["10-11 October 2025 record cascade", "FTX collapse"]),
        ("was the luna crash worse than march 2020", ["Terra / LUNA collapse", "Black Thursday crash of March 2020"]),
        ("which was worse, ftx or luna?", ["FTX collapse", "Terra / LUNA collapse"]),
    ],
)
def test_crashes_named_by_name_or_month_are_compared_by_their_headline(
    app: App, question: str, names: list[str]
) -> None:
    rows = [line for line in _ask(app, question).answer.splitlines() if line.startswith("|")]
    assert "Liquidations over 24 hours | Bitcoin low" in rows[0]
    assert all(any(name in row for row in rows[2:]) for name in names)


@pytest.mark.parametrize(
    "question", ["Which crash had the most liquidations ever?", "what crash liquidated the most money of all time"]
)
def test_a_question_over_all_crashes_is_not_answered_with_one_of_them(app: App, question: str) -> None:
    assert "10 October 2025" in _ask(app, question).claims[0].text


def test_the_month_of_a_named_crash_names_no_other(app: App) -> None:
    assert "|" not in _ask(app, "how much was liquidated in the FTX collapse of november 2022").answer


def test_the_venue_with_the_most_is_named_as_such(app: App) -> None:
    (said,) = reading_claims([app.market.read("liquidations_at_venue")], app.market.metrics())
    assert ", the venue with the most, over 24 hours" in said.text


def test_percent_and_dollars_do_not_share_a_column_of_a_comparison(app: App) -> None:
    rows = [line for line in _ask(app, "compare the luna crash with march 2020").answer.splitlines() if line[:1] == "|"]
    for column in zip(*(row.strip("| ").split(" | ") for row in rows[2:]), strict=True):
        assert len({"%" in cell for cell in column}) == 1, column


def test_crashes_that_are_compared_stand_in_a_table_with_receipts(app: App) -> None:
    answer = _ask(app, "compare the liquidations of 10 october 2025 and 19 may 2021")
    assert "19.16 billion USD" in answer.claims[0].text
    rows = [line for line in answer.answer.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert rows[1].startswith("|---")
    assert all("[" in row for row in rows[2:])


@pytest.mark.parametrize(
    "question",
    [
        "how low did bitcoin go on 10 october 2025",
        "why was i liquidated although the candle did not touch my price",
        "what is the difference between cross and isolated margin",
        "how do i read a liquidation heatmap",
        "does the exchange keep the money of a liquidated trader",
    ],
)
def test_the_first_sentence_stands_alone_and_nothing_is_said_twice(app: App, question: str) -> None:
    said = [claim.text for claim in _ask(app, question).claims]
    assert not _LEANS.match(said[0])
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("question", ["what is adl", "whats going on with btc", "liq price of a 20x long from 100k"])
def test_the_same_question_gives_the_same_answer(app: App, question: str) -> None:
    first, second = _ask(app, question), _ask(app, question)
    assert first.model_copy(update={"timings_ms": {}}) == second.model_copy(update={"timings_ms": {}})


def test_the_knowledge_does_not_quote_the_held_out_questions(app: App) -> None:
    held_out = [case.question.lower() for case in load_cases(COMMITTED.parent / "heldout") if len(case.question) > 25]
    asked = {text for p in app.library.index.passages() if p.kind == "faq" for text in (*p.questions, *p.premises)}
    quoted = [(text, case) for text in asked for case in held_out if fuzz.ratio(text.lower(), case) > 85]
    assert quoted == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("whats my liq price 20x long from 104k, and how far is btc from ath",
         ["99,320 USD", "below its highest price"]),
        ("liquidation price of a 10x long from 60k and also what is the funding rate right now",
         ["54,300 USD", "funding rate of BTC"]),
        ("why do longs pay shorts, and how much would that be on 20k at 0.03%?", ["pays 6 USD", "receives 6 USD"]),
        ("funding is 0.02% every 8h. how much funding would i pay on 10k?", ["a long of 10,000 USD pays 2 USD"]),
        ("which leverage is best for a 10x long from 100k, where would i be liquidated", ["90,500 USD"]),
    ],
)  # fmt: skip
def test_every_question_of_a_message_is_answered(app: App, question: str, said: list[str]) -> None:
    answer = _ask(app, question).answer
    assert [words for words in said if words not in answer] == []


def test_a_funding_payment_without_a_rate_takes_the_newest_and_shows_it(app: App) -> None:
    answer = _ask(app, "how much funding would i pay on 10k right now?")
    assert [item.kind for item in answer.evidence[:3]] == ["calculation", "calculation", "reading"]


def test_an_asset_without_market_data_is_not_answered_with_another(app: App) -> None:
    answer = _ask(app, "price of solana right now")
    assert (answer.status, answer.evidence) == ("abstained", ())
    assert "SOL" in answer.answer


def test_a_premise_about_a_number_of_a_crash_is_set_right_first(app: App) -> None:
    answer = _ask(app, "so open interest on nov 4 2025 is how much people bought that day right?")
    assert answer.claims[0].text.startswith("No, open interest is not how much people bought")


def test_a_detail_of_a_crash_is_not_answered_with_its_whole_story(app: App) -> None:
    answer = _ask(app, "did ftx customers ever get their money back?")
    assert "petition" in answer.claims[0].text
    assert not any(item.kind == "figure" for item in answer.evidence)


def test_a_question_of_when_begins_with_the_days(app: App) -> None:
    assert "9 to 13 May 2022" in _ask(app, "when was the luna crash?").claims[0].text


def test_a_level_asked_about_is_said_to_be_under_or_over(app: App) -> None:
    assert "stands above the level" in _ask(app, "is btc still above 100k?").claims[0].text
