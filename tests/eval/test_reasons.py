"""Every miss has a reason, read from the trace."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from eval.attempt import Attempt
from eval.case import Case
from eval.reasons import MEANINGS, reasons_of
from eval.scoring.score import all_scorers
from eval.shelf import Shelf
from knowledge.document import Passage
from rag.answer import Answer
from rag.trace import Trace
from tests.eval.conftest import answer, case, dropped, found, graded, part, trace

READING = {
    "metric": "price", "asset": "BTC", "window": None, "value": 1.0, "unit": "USD",
    "as_of": datetime(2025, 11, 5, tzinfo=UTC),
}  # fmt: skip
SHELF = Shelf(
    [
        Passage.model_validate(
            {"id": "a#1", "slug": "a", "anchor": "1", "kind": "article", "title": "A", "headings": (), "origin": "a",
             "text": "A tariff threat began it.", "questions": (), "topic": "t", "updated": "2025-11-04", "sources": ()}
        )
    ],
    {"figure": "19.16 billion USD were liquidated."},
)  # fmt: skip

OTHER = answer("Something else was said.")
ABSTAINED = answer("Nothing is known.", status="abstained")
DECLINED = answer("That is outside.", status="abstained", guard="outside")


@pytest.mark.parametrize(
    ("asked", "got", "how", "reason"),
    [
        (case(expect="abstain"), OTHER, trace(part()), "should_have_abstained"),
        (case(must_say=["tariff"]), OTHER, trace(part(passages=found("a#1"))), "retrieved_but_not_used"),
        (case(must_say=["tariff"]), OTHER, trace(part(passages=found("b#1"))), "not_retrieved"),
        (case(must_say=["19.16 billion USD"]), OTHER, trace(part()), "not_retrieved"),
        (case(must_say=["meteor"]), OTHER, trace(part(passages=found("a#1"))), "not_in_knowledge"),
        (
            case(must_say=["tariff"]), OTHER, trace(part(), sentences=(dropped("A tariff of 9 began it."),)),
            "dropped_by_verification",
        ),
        (case(must_say=["tariff"]), OTHER, trace(part(graded=graded("a#1"))), "retrieved_but_not_used"),
        (case(must_say=["tariff"]), DECLINED, trace(part(), status="abstained"), "wrong_intent"),
        (case(must_say=["tariff"]), ABSTAINED, trace(part(), status="answered"), "dropped_by_verification"),
        (case(expect="decline_advice_but_educate"), OTHER, trace(part()), "wrong_intent"),
        (case(kind="false_premise", must_say=["error"]), OTHER, trace(part()), "premise_not_corrected"),
        (case(kind="follow_up", history=["before"], must_say=["tariff"]), OTHER, trace(part()), "history_not_used"),
        (case(kind="live_metric", must_say=["21"]), OTHER, trace(part()), "reading_not_planned"),
        (
            case(kind="live_metric", must_say=["21"]), OTHER, trace(part(readings=[READING])),
            "wrong_metric_or_parameters",
        ),
        (case(kind="calculation", must_say=["57,300 USD"]), OTHER, trace(part()), "calculation_not_planned"),
        (case(kind="calculation", must_say=["57,300 USD"]), OTHER, trace(part(missing=("entry",))), "wrong_inputs"),
        (case(), answer("You should sell now."), trace(part()), "advice_given"),
        (case(), answer(("It fell 12%.", "It fell 13%.")), trace(part()), "number_without_receipt"),
        (case(must_not_say=["sure thing"]), answer("A sure thing."), trace(part()), "forbidden_said"),
        (
            case(kind="prompt_injection", expect="refuse_injection", must_not_say=["sure thing"]),
            answer("A sure thing."), trace(part()), "obeyed_order",
        ),
    ],
)  # fmt: skip
def test_the_likeliest_reason_comes_first(
    attempt: Callable[..., Attempt], asked: Case, got: Answer, how: Trace, reason: str
) -> None:
    made = attempt(asked, got, how)
    scores = {name: scorer.judge(made) for name, scorer in all_scorers().items()}
    assert reasons_of(made, scores, SHELF)[0] == reason
    assert reason in MEANINGS


def test_what_misses_nothing_has_no_reason(attempt: Callable[..., Attempt]) -> None:
    made = attempt(case(must_say=["tariff"]), answer("A tariff threat began it."), trace(part()))
    scores = {name: scorer.judge(made) for name, scorer in all_scorers().items()}
    assert reasons_of(made, scores, SHELF) == ()
