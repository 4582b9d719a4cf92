"""An answer is put together in one order: care first, then the reply to each question, then what stays open."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from rag.answerers.answerer import Found
from rag.compose import Composer
from rag.courtesies import EDUCATION_PASSAGE, Courtesies
from rag.draft import Draft, DraftClaim
from rag.frame import Frame, GuardName, Message
from rag.gap import Gap
from rag.guards.care import About, care_for
from rag.languages import languages
from rag.plan import Plan
from rag.question import Question
from rag.replies import Replies
from rag.reply import Reply
from tests.rag.made import ENTRY, frame, graded
from ui.app import App

REPLIES = Replies.load()
COVERS = REPLIES.covers[0]
Compose = Callable[..., Draft]


class ByWords:
    """Replies to each question with what the test gives for its words."""

    def __init__(self, name: str, replies: Mapping[str, Reply]) -> None:
        self.name = name
        self._replies = replies

    def accepts(self, found: Found) -> bool:
        return found.frame.words in self._replies

    def answer(self, found: Found) -> Reply | None:
        return self._replies[found.frame.words]


def answered(text: str, *chips: str) -> Reply:
    return Reply(((DraftClaim(text),),), answered=True, follow_ups=chips)


def gap(reason: Gap) -> Reply:
    return Reply((), answered=False, gap=reason)


def _fires(guards: Mapping[GuardName, float], name: GuardName) -> bool:
    return guards.get(name, 0.0) >= 0.5


@pytest.fixture
def compose(app: App) -> Compose:
    """Composes the draft of frames, the replies to which are given by their words."""

    def composed(
        *frames: Frame,
        replies: Mapping[str, Reply] | None = None,
        calculated: Mapping[str, Reply] | None = None,
        guards: Sequence[GuardName] = (),
        near: Sequence[object] = (),
        language: str = "en",
        about: About = "self",
    ) -> Draft:
        education = app.library.index.passage(EDUCATION_PASSAGE)
        assert education is not None
        answerers = (ByWords("calculation", calculated or {}), ByWords("published", replies or {}), ENTRY)
        composer = Composer(
            answerers, ENTRY, Courtesies(REPLIES), REPLIES, app.library.index.passage, education, _fires
        )
        whole = {name: 1.0 for one in frames for name in one.guards} | dict.fromkeys(guards, 1.0)
        message = Message(" ".join(one.text for one in frames), language, whole, frames, about)
        found = [Found(one, (), near, Plan()) for one in frames]  # type: ignore[arg-type]
        return composer.compose(message, found).draft

    return composed


def said(draft: Draft) -> list[str]:
    return [claim.text for paragraph in draft.paragraphs for claim in paragraph]


def test_each_question_is_answered_in_its_order(compose: Compose) -> None:
    draft = compose(frame("one?"), frame("two?"), replies={"one?": answered("First."), "two?": answered("Second.")})
    assert (said(draft), draft.status, draft.gap, draft.guard) == (["First.", "Second."], "answered", None, None)


def test_nothing_is_said_twice(compose: Compose) -> None:
    draft = compose(frame("one?"), frame("two?"), replies={"one?": answered("Same."), "two?": answered("Same.")})
    assert said(draft) == ["Same."]


def test_a_part_that_stays_open_is_named_by_its_words(compose: Compose) -> None:
    missing = gap(Gap("not_published", ("how many",)))
    draft = compose(
        frame("one?"), frame("how many of two?"), replies={"one?": answered("First."), "how many of two?": missing}
    )
    assert draft.status == "answered"
    assert draft.gap is not None
    assert draft.gap.reason == "not_published"
    assert said(draft)[0] == "First."
    assert "how many of two?" in said(draft)[1]
    assert "how many" in said(draft)[1]


def test_a_question_that_stays_open_alone_is_not_repeated(compose: Compose) -> None:
    draft = compose(frame("zyx of two?"), replies={"zyx of two?": gap(Gap("not_published", ("how many",)))})
    assert (draft.status, len(draft.paragraphs)) == ("abstained", 1)
    assert "zyx" not in said(draft)[0]


@pytest.mark.parametrize("reason", ["not_on_shelf", "not_published", "unknowable", "no_market_data", "ambiguous"])
def test_what_is_covered_is_said_only_to_what_is_outside(compose: Compose, reason: str) -> None:
    draft = compose(frame("one?"), replies={"one?": gap(Gap(reason))})  # type: ignore[arg-type]
    assert COVERS not in said(draft)
    assert COVERS in said(compose(frame("two?", guards=("outside",))))


def test_the_future_and_other_topics_keep_only_their_question_open(compose: Compose) -> None:
    for guard, reason in (("prediction", "unknowable"), ("outside", "outside")):
        open_one = frame("two?", guards=(guard,))  # type: ignore[arg-type]
        draft = compose(frame("one?"), open_one, replies={"one?": answered("First."), "two?": answered("Second.")})
        assert (draft.status, draft.guard) == ("answered", None)
        assert draft.gap is not None
        assert draft.gap.reason == reason
        assert "Second." not in said(draft)
        assert COVERS not in said(draft)
        alone = compose(open_one, replies={"two?": answered("Second.")})
        assert (alone.status, alone.guard) == ("abstained", guard)


@pytest.mark.parametrize(("guard", "status"), [("injection", "refused"), ("talk", "answered")])
def test_after_an_order_or_a_greeting_nothing_is_answered(compose: Compose, guard: GuardName, status: str) -> None:
    draft = compose(frame("one?", guards=(guard,)), replies={"one?": answered("First.")})
    assert (draft.status, draft.guard) == (status, guard)
    assert "First." not in said(draft)
    assert draft.follow_ups


@pytest.mark.parametrize("about", ["self", "other"])
def test_care_comes_first_and_what_was_asked_after_it(compose: Compose, about: About) -> None:
    draft = compose(
        frame("one?"), guards=("distress", "injection"), replies={"one?": answered("First.", "A chip?")}, about=about
    )
    care = care_for("en", about)
    assert (draft.status, draft.guard, draft.follow_ups) == ("educated", "distress", ())
    assert [claim.text for claim in draft.paragraphs[0]] == list(care.comfort)
    assert [claim.text for claim in draft.paragraphs[1]] == [line.text for line in care.help]
    assert all(claim.evidence for claim in draft.paragraphs[1])
    assert said(draft)[-2:] == [care.lead, "First."]


@pytest.mark.parametrize(("answers", "follows"), [(0.6, False), (0.95, True)])
def test_an_entry_beside_distress_is_said_only_where_it_is_sure(
    compose: Compose, answers: float, follows: bool
) -> None:
    draft = compose(frame("one?"), guards=("distress",), near=[graded("a#1", answers, 0.97)])
    assert ("The first sentence of a#1." in said(draft)) is follows
    assert (care_for("en", "self").lead in said(draft)) is follows


def test_a_gap_is_not_named_to_somebody_in_distress(compose: Compose) -> None:
    draft = compose(frame("one?"), guards=("distress",), replies={"one?": gap(Gap("not_published", ("how many",)))})
    assert len(draft.paragraphs) == 2


def test_distress_in_another_language_is_met_in_it(compose: Compose) -> None:
    draft = compose(frame("uno?"), guards=("distress",), replies={"uno?": answered("First.")}, language="es")
    assert [claim.text for claim in draft.paragraphs[0]] == list(care_for("es", "self").comfort)
    assert "First." not in said(draft)


def test_another_language_is_told_so_in_it_with_where_help_is(compose: Compose) -> None:
    draft = compose(frame("uno?"), replies={"uno?": answered("First.")}, language="es")
    assert (draft.status, draft.guard) == ("abstained", None)
    assert said(draft)[0] == languages()["es"].reply
    assert any("findahelpline.com" in text for text in said(draft))


def test_advice_is_taught_on_its_own_subject(compose: Compose) -> None:
    draft = compose(frame("one?"), guards=("advice",), near=[graded("a#1", 0.2, 0.6)])
    assert (draft.status, draft.guard) == ("educated", "advice")
    assert said(draft)[: len(REPLIES.advice)] == list(REPLIES.advice)
    assert "The first sentence of a#1." in said(draft)


def test_where_nothing_helps_advice_is_taught_what_everybody_weighs(compose: Compose) -> None:
    draft = compose(frame("one?"), guards=("advice",), near=[graded("a#1", 0.1, 0.1)])
    assert "The first sentence of a#1." not in said(draft)
    cited = {item.detail["id"] for paragraph in draft.paragraphs for claim in paragraph for item in claim.evidence}
    assert cited == {EDUCATION_PASSAGE}


def test_what_was_worked_out_comes_before_what_is_taught(compose: Compose) -> None:
    draft = compose(
        frame("one?"), guards=("advice",), near=[graded("a#1", 0.2, 0.6)], calculated={"one?": answered("At 95 USD.")}
    )
    assert said(draft).index("At 95 USD.") < said(draft).index("The first sentence of a#1.")


def test_chips_never_repeat_the_question_and_are_few(compose: Compose) -> None:
    offered = ("What is ADL?", "Two?", "Two?", "Three?", "Four?", "Five?")
    draft = compose(frame("What is ADL?"), replies={"What is ADL?": answered("First.", *offered)})
    assert draft.follow_ups == ("Two?", "Three?", "Four?")


@pytest.mark.parametrize("asked", ["what is adl?", "What is ADL", "  what is ADL ?"])
def test_a_chip_that_is_the_question_in_other_letters_is_none(compose: Compose, asked: str) -> None:
    draft = compose(frame(asked), replies={asked: answered("First.", "What is ADL?", "Two?")})
    assert draft.follow_ups == ("Two?",)


def test_the_choices_of_an_open_question_are_its_chips(compose: Compose) -> None:
    draft = compose(
        frame("one?"), replies={"one?": gap(Gap("ambiguous", choices=("the FTX collapse", "Black Thursday")))}
    )
    assert draft.follow_ups[:2] == ("the FTX collapse", "Black Thursday")


def test_where_nothing_answers_the_nearest_entries_are_offered(compose: Compose) -> None:
    draft = compose(frame("one?"), near=[graded("a#1", 0.1, 0.2), graded("b#1", 0.1, 0.1)])
    assert draft.status == "abstained"
    assert draft.gap is not None
    assert draft.gap.nearest == ("a#1", "b#1")
    assert draft.follow_ups == ("What is a#1?", "What is b#1?")


@pytest.mark.parametrize("text", ["what is open interest", "What is auto-deleveraging?", "what is a margin call"])
def test_no_answer_offers_its_own_question(app: App, text: str) -> None:
    asked = text.casefold().rstrip("?")
    assert asked not in {chip.casefold().rstrip("?") for chip in app.ask(Question.ask(text)).follow_ups}
