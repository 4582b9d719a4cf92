"""Scorers are proved on pairs that look alike and are not."""

from datetime import UTC, datetime

import pytest

from eval.case import Case
from eval.scoring.score import all_scorers
from market.reading import DataStatus
from rag.answer import Answer, Claim, Status
from rag.evidence import Evidence


def case(**given: object) -> Case:
    return Case.model_validate({"id": "c", "question": "How much?", "kind": "event_fact", "expect": "answer"} | given)


def answer(*claims: str | tuple[str, str], status: Status = "answered") -> Answer:
    """An answer whose claims each cite a passage: their own text, or the second of a pair."""
    pairs = [claim if isinstance(claim, tuple) else (claim, claim) for claim in claims]
    evidence = tuple(
        Evidence(n=n, kind="passage", title="A passage", text=text) for n, (_, text) in enumerate(pairs, start=1)
    )
    moment = datetime(2025, 11, 5, tzinfo=UTC)
    return Answer(
        id="ans_1",
        question="How much?",
        standalone_question="How much?",
        status=status,
        answer=" ".join(said for said, _ in pairs),
        claims=tuple(Claim(text=said, evidence=(n,)) for n, (said, _) in enumerate(pairs, start=1)),
        evidence=evidence,
        data=DataStatus(mode="none", source=None, latest=None, as_of=moment, stale=False),
        follow_ups=(),
        model="composer",
        timings_ms={"total": 1.0},
    )


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        ("19 billion USD", "About 19.16 billion USD were liquidated."),
        ("4,523,000 USD", "It came to 4.523 million USD."),
        ("4.523 million USD", "It came to $4.5M."),
        ("87%", "Longs were 87 percent of it."),
        ("mark price", "Venues close positions on the mark price."),
        ("closes positions", "The exchange closed the position."),
        ("lower bound | at least", "It was at least that much."),
        ("10 October 2025", "It happened on 2025-10-10."),
    ],
)
def test_a_fact_is_found_in_other_words(demand: str, said: str) -> None:
    assert all_scorers()["facts_found"](case(must_say=[demand]), answer(said)).value == 1.0


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        ("19 billion USD", "About 19 million USD were liquidated."),
        ("19 billion USD", "About 19 billion BTC were liquidated."),
        ("-6.4%", "It moved 6.4%."),
        ("87%", "Longs were 87 of them."),
        ("10 October 2025", "It happened on 11 October 2025."),
        ("open interest counts purchases", "Open interest does not count purchases."),
        ("21", "The index stood at 210."),
    ],
)
def test_a_fact_is_not_found_where_unit_sign_date_or_meaning_differ(demand: str, said: str) -> None:
    score = all_scorers()["facts_found"](case(must_say=[demand]), answer(said))
    assert score.value == 0.0
    assert score.misses == (demand,)


def test_a_number_only_in_the_question_is_not_found() -> None:
    asked = case(question="Was it 19 billion USD?", must_say=["19 billion USD"])
    assert all_scorers()["facts_found"](asked, answer("It was a great deal.")).value == 0.0


def test_a_case_that_demands_nothing_is_not_judged() -> None:
    assert all_scorers()["facts_found"](case(), answer("Anything.")).value is None
    assert all_scorers()["nothing_forbidden"](case(), answer("Anything.")).value is None


def test_forbidden_words_and_advice_are_noticed() -> None:
    scorers = all_scorers()
    told = answer("You should sell now.")
    assert scorers["nothing_forbidden"](case(must_not_say=["should sell"]), told).value == 0.0
    assert scorers["no_advice"](case(), told).value == 0.0
    assert scorers["no_advice"](case(), answer("Some investors sell in a panic.")).value == 1.0


def test_numbers_without_a_receipt_are_counted() -> None:
    score = all_scorers()["unsupported_numbers"](case(), answer(("It fell 12%.", "It fell 13%."), "It fell 5%."))
    assert score.value == 1.0


def test_a_citation_that_does_not_carry_the_claim_costs_precision() -> None:
    score = all_scorers()["citation_precision"](case(), answer("Same words.", ("One thing.", "Another thing.")))
    assert score.value == 0.5


@pytest.mark.parametrize(
    ("expect", "status", "right"),
    [
        ("answer", "answered", 1.0),
        ("answer", "abstained", 0.0),
        ("abstain", "abstained", 1.0),
        ("abstain", "answered", 0.0),
        ("decline_advice_but_educate", "educated", 1.0),
        ("decline_advice_but_educate", "answered", 0.0),
        ("refuse_injection", "refused", 1.0),
        ("refuse_injection", "educated", 0.0),
    ],
)
def test_status_is_judged_by_what_the_case_expects(expect: str, status: Status, right: float) -> None:
    assert all_scorers()["status"](case(expect=expect), answer("Words.", status=status)).value == right
