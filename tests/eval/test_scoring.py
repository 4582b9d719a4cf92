"""Scorers are proved on pairs that look alike and are not."""

from collections.abc import Callable

import pytest

from eval.attempt import Attempt
from eval.case import Case
from eval.scoring.advice import advises
from eval.scoring.score import Score, all_scorers
from rag.answer import Answer, Claim, Status
from rag.replies import Replies
from rag.trace import Trace
from tests.eval.conftest import answer, case, found, part, trace

Scored = Callable[..., Score]


@pytest.fixture
def score(attempt: Callable[..., Attempt]) -> Scored:
    def scored(name: str, asked: Case, got: Answer, how: Trace | None = None) -> Score:
        return all_scorers()[name].judge(attempt(asked, got, how))

    return scored


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
        ("November 2022", "The low came on 21 November 2022."),
        ("order books were thin", "Few resting bids stood below the market that night."),
        ("trackers report too little", "What data vendors display understates how much was really closed."),
        ("fear stood at 21", "Fear stood at 21 that day."),
    ],
)
def test_a_fact_is_found_in_other_words(score: Scored, demand: str, said: str) -> None:
    assert score("facts_found", case(must_say=[demand]), answer(said)).value == 1.0


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        ("19 billion USD", "About 19 million USD were liquidated."),
        ("19 billion USD", "About 19 billion BTC were liquidated."),
        ("-6.4%", "It moved 6.4%."),
        ("60%", "It was 60 of them."),
        ("87%", "Longs were 87 of them."),
        ("20x", "It fell 20%."),
        ("10 October 2025", "It happened on 11 October 2025."),
        ("10 October 2025", "It happened in October 2025."),
        ("open interest counts purchases", "Open interest does not count purchases."),
        ("longs pay shorts when funding is positive", "Shorts pay longs when funding is positive."),
        (
            "shorts pay longs when funding is positive",
            "Longs pay shorts when funding is positive, and shorts pay longs when it is negative.",
        ),
        ("Binance compensated its users", "Bybit compensated its users."),
        ("BTC fell to 98,900 USD", "ETH fell to 98,900 USD."),
        ("the fund failed in June 2022", "The fund failed in June 2023."),
        ("21", "The index stood at 210."),
        ("UST", "You must wait."),
        ("57 billion USD is correct", "The 57 billion USD of some copies is a unit error."),
    ],
)
def test_a_fact_is_not_found_where_unit_sign_date_name_or_meaning_differ(score: Scored, demand: str, said: str) -> None:
    missed = score("facts_found", case(must_say=[demand]), answer(said))
    assert missed.value == 0.0
    assert missed.misses == (demand,)


def test_a_number_only_in_the_question_is_not_found(score: Scored) -> None:
    asked = case(question="Was it 19 billion USD?", must_say=["19 billion USD"])
    got = answer("It was a great deal.", question=asked.question)
    assert score("facts_found", asked, got).value == 0.0


def test_a_case_that_demands_nothing_is_not_judged(score: Scored) -> None:
    nothing = answer("Anything.")
    for name in ("facts_found", "nothing_forbidden", "recall_at_5", "ndcg_at_10", "mrr", "number_receipts"):
        assert score(name, case(), nothing).value is None


@pytest.mark.parametrize(
    ("forbidden", "said", "right"),
    [
        ("should sell", "You should sell now.", 0.0),
        ("you can win it back", "You cannot win it back.", 1.0),
        ("shorts pay longs when it is positive", "Longs pay shorts when it is positive.", 1.0),
        ("you should use", "Many people use leverage.", 1.0),
        ("42 billion USD", "It came to 9.94 billion USD.", 1.0),
        ("42 billion USD", "It came to $42B.", 0.0),
        ("35% gain", "After a loss of 35% it takes a gain of 53.8% to be back.", 1.0),
        ("35% gain", "After a loss of 30% it takes a gain of 35% to be back.", 0.0),
        ("35% gain", "A gain of 35% makes up for a loss of 35%.", 0.0),
        ("liquidated 5 billion", "Some 5 billion USD were, on 10 October 2025, liquidated.", 0.0),
        (
            "19 May 2021 is second",
            "Second is 18 April 2021; far behind it, with a third less, 19 May 2021 is next.",
            1.0,
        ),
        ("50% is enough", "A gain of 50% is enough.", 0.0),
    ],
)
def test_forbidden_words_are_noticed_and_warnings_of_them_are_not(
    score: Scored, forbidden: str, said: str, right: float
) -> None:
    assert score("nothing_forbidden", case(must_not_say=[forbidden]), answer(said)).value == right


@pytest.mark.parametrize(
    ("sentence", "advice"),
    [
        ("You should sell now.", True),
        ("Use 5x leverage at first.", True),
        ("Buy the dip.", True),
        ("I would hold.", True),
        ("It is a good time to buy.", True),
        ("Some investors sell in a panic.", False),
        ("Sell or hold?", False),
        ("Nobody can say whether you should sell.", False),
        ("A 10x long from 100,000 USD is liquidated near 90,500 USD.", False),
    ],
)
def test_advice_is_told_from_description(score: Scored, sentence: str, advice: bool) -> None:
    assert advises(sentence) == advice
    assert score("no_advice", case(), answer(sentence)).value == float(not advice)


def test_numbers_without_a_receipt_are_named(score: Scored) -> None:
    judged = score("number_receipts", case(), answer(("It fell 12%.", "It fell 13%."), "It fell 5%."))
    assert judged.value == 0.5
    assert judged.misses == ("12% in: It fell 12%.",)


def test_a_citation_that_does_not_carry_the_claim_costs_precision(score: Scored) -> None:
    pairs = answer("Longs pay shorts.", ("Longs pay shorts.", "Open interest counts contracts."))
    assert score("citation_precision", case(), pairs).value == 0.5


def test_a_statement_that_cites_nothing_costs_coverage_and_a_courtesy_does_not(score: Scored) -> None:
    bare = Claim(text="Longs pay shorts.")
    courtesy = Claim(text=Replies.load().advice[0])
    cited = answer("Funding is paid every eight hours.")
    got = cited.model_copy(update={"claims": (*cited.claims, bare, courtesy)})
    judged = score("citation_coverage", case(), got)
    assert judged.value == 0.5
    assert judged.misses == (bare.text,)


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
def test_status_is_judged_by_what_the_case_expects(score: Scored, expect: str, status: Status, right: float) -> None:
    assert score("status", case(expect=expect), answer("Words.", status=status)).value == right


def test_retrieval_is_judged_by_rank_over_all_parts(score: Scored) -> None:
    asked = case(relevant=["a#1", "b#2"])
    how = trace(part(passages=found("x#0", "a#1")), part(passages=found("y#0", "b#2")))
    assert score("mrr", asked, answer("Words."), how).value == pytest.approx(1 / 3, abs=1e-6)
    assert score("recall_at_5", asked, answer("Words."), how).value == 1.0
    assert score("ndcg_at_10", asked, answer("Words."), how).value == pytest.approx(0.571, abs=1e-3)


def test_nothing_retrieved_is_a_miss_and_not_inapplicable(score: Scored) -> None:
    missed = score("recall_at_5", case(relevant=["a#1"]), answer("Words."), trace(part()))
    assert (missed.value, missed.misses) == (0.0, ("a#1",))


def test_every_scorer_says_in_its_docstring_what_it_judges() -> None:
    assert all((scorer.judge.__doc__ or "").strip() for scorer in all_scorers().values())
