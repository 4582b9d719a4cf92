"""Answerers are tried in their order: the first answer counts, and a gap that was named is not covered by a guess."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from rag.answerers.answerer import Answerer, Found
from rag.answerers.entry import EntryAnswerer
from rag.answerers.order import NOBODY, Tried, first_reply
from rag.draft import DraftClaim
from rag.gap import Gap
from rag.plan import Plan
from rag.reply import Reply
from tests.rag.made import ENTRY, frame, graded


@dataclass
class Fixed:
    """Replies with what it is given, and keeps whether it was asked."""

    name: str
    reply: Reply | None
    accepting: bool = True
    asked: list[Found] = field(default_factory=list)

    def accepts(self, found: Found) -> bool:
        del found
        return self.accepting

    def answer(self, found: Found) -> Reply | None:
        self.asked.append(found)
        return self.reply


ANSWER = Reply(((DraftClaim("It fell 9%."),),), answered=True)
OTHER = Reply(((DraftClaim("It rose 9%."),),), answered=True)
GAP = Reply((), answered=False, gap=Gap("not_published", ("how many",)))
OTHER_GAP = Reply((), answered=False, gap=Gap("no_market_data", ("SOL",)))


def _tried(answerers: Sequence[Answerer], answers: float | None = None, *, text: str = "How much?") -> Tried:
    """What comes of `answerers` and then the entry, whose best passage answers with a probability of `answers`."""
    found = Found(frame(text), (), (graded("a#1", answers, 0.9),) if answers is not None else (), Plan())
    return first_reply(found, [*answerers, ENTRY], ENTRY)


def test_the_first_answer_counts_and_nobody_else_is_asked() -> None:
    later = Fixed("later", OTHER)
    tried = _tried([Fixed("first", ANSWER), later])
    assert (tried.reply, tried.by, tried.tried) == (ANSWER, "first", ("first",))
    assert later.asked == []


@pytest.mark.parametrize("silent", [Fixed("silent", None), Fixed("silent", ANSWER, accepting=False)])
def test_who_has_nothing_leaves_it_to_the_next(silent: Fixed) -> None:
    tried = _tried([silent, Fixed("next", OTHER)])
    assert (tried.reply, tried.by) == (OTHER, "next")
    assert ("silent" in tried.tried) is silent.accepting


def test_an_answer_behind_a_gap_counts() -> None:
    tried = _tried([Fixed("first", GAP), Fixed("next", ANSWER)])
    assert (tried.reply, tried.by, tried.tried) == (ANSWER, "next", ("first", "next"))


def test_the_first_gap_is_kept() -> None:
    tried = _tried([Fixed("first", GAP), Fixed("next", OTHER_GAP)])
    assert (tried.reply, tried.by) == (GAP, NOBODY)


@pytest.mark.parametrize(("answers", "by"), [(0.5, NOBODY), (0.95, "entry")])
def test_an_entry_behind_a_gap_is_served_only_where_it_is_sure(answers: float, by: str) -> None:
    tried = _tried([Fixed("first", GAP)], answers)
    assert tried.by == by
    assert tried.tried == ("first", "entry")
    assert tried.reply.answered is (by == "entry")


def test_an_entry_without_a_gap_need_not_be_sure() -> None:
    assert _tried([], 0.5).by == "entry"


def test_where_nothing_answers_the_gap_names_what_nothing_speaks_of() -> None:
    weak = graded("a#1", 0.1, 0.2, missing=("Bitcoin",))
    found = Found(frame("how did bitcoin do on hyperliquid", unknown=("Zyxcoin",)), (), (weak,), Plan())
    tried = first_reply(found, [ENTRY], ENTRY)
    assert (tried.by, tried.tried, tried.reply.answered) == (NOBODY, (), False)
    assert tried.reply.gap is not None
    assert tried.reply.gap.reason == "not_on_shelf"
    assert set(tried.reply.gap.missing) == {"Bitcoin", "Zyxcoin"}
    assert tried.reply.gap.nearest == ("a#1",)


def test_an_entry_is_served_whole_with_its_receipt() -> None:
    tried = _tried([], 0.9)
    (paragraph,) = tried.reply.paragraphs
    assert [claim.text for claim in paragraph] == ["The first sentence of a#1.", "The second one."]
    assert {item.detail["id"] for claim in paragraph for item in claim.evidence} == {"a#1"}


def test_neighbouring_entries_are_offered_by_their_questions() -> None:
    near = [graded("a#1", 0.9, 0.9), graded("b#1", 0.4, 0.6), graded("c#1", 0.1, 0.1), graded("d#1", 0.1, 0.9, "event")]
    reply = EntryAnswerer.answer(ENTRY, Found(frame("?"), (), near, Plan()))
    assert reply is not None
    assert reply.follow_ups == ("What is b#1?",)
