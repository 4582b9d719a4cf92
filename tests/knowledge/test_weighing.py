"""Scores weigh meaning and words, and say the same for every query."""

from datetime import date
from typing import Any

import pytest

from knowledge.document import Passage
from knowledge.weighing import Weights, words_of

PASSAGE = Passage(
    id="a#1",
    slug="a",
    anchor="1",
    kind="faq",
    title="A",
    headings=(),
    text="Margin is what you pledge.",
    questions=("what is margin",),
    topic="margin",
    updated=date(2026, 1, 1),
    sources=(),
    origin="a.yaml",
)


def weights(**changed: Any) -> Weights:
    plain: dict[str, Any] = {
        "meaning": 0.4,
        "similar": {"a#1": 0.8},
        "asked": {"a#1": 0.8},
        "named": {},
        "newest": None,
    }
    return Weights(**{**plain, **changed})


def test_the_words_of_phrasings_count_twice_those_of_the_whole_passage() -> None:
    share = words_of({"asked": 0.3, "plain": 0.3}.__getitem__, {"asked": 0.9}.get)
    assert share("asked") == pytest.approx(0.7)
    assert share("plain") == 0.3


def test_a_score_is_meaning_and_words_and_a_quarter_of_the_meaning_is_the_text_itself() -> None:
    hit = weights().hit(PASSAGE, own=0.4, words=0.5)
    assert hit.score == pytest.approx(0.4 * (0.75 * 0.8 + 0.25 * 0.4) + 0.6 * 0.5)
    assert (hit.similarity, hit.question_similarity, hit.bm25) == (0.8, 0.8, 0.5)


def test_a_passage_that_only_its_words_found_has_the_likeness_of_its_text() -> None:
    hit = weights(similar={}, asked={}).hit(PASSAGE, own=0.3, words=0.9)
    assert (hit.similarity, hit.question_similarity) == (0.3, 0.0)


def test_being_in_a_named_document_and_being_new_add_to_a_score_of_at_most_one() -> None:
    plain = weights().hit(PASSAGE, own=0.4, words=0.1).score
    named = weights(named={"a": 1.0}).hit(PASSAGE, own=0.4, words=0.1).score
    fresh = weights(newest=date(2026, 1, 1)).hit(PASSAGE, own=0.4, words=0.1).score
    assert named == pytest.approx(plain + 0.25)
    assert fresh == pytest.approx(plain + 0.1)
    assert weights(named={"a": 1.0}).hit(PASSAGE, own=1.0, words=1.0).score == 1.0
