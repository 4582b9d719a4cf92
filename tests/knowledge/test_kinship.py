"""Likelihood is lent to what is alike and to what answers the same question, and to nothing that has no vector."""

from datetime import date

import numpy as np
import pytest

from knowledge.document import Passage
from knowledge.hits import Hit
from knowledge.kinship import with_kin
from knowledge.subjects import Subjects


def hit(name: str, score: float) -> Hit:
    passage = Passage(
        id=f"{name}#1",
        slug=name,
        anchor="1",
        kind="article",
        title=name,
        headings=(),
        text=name,
        questions=(),
        topic="t",
        updated=date(2026, 1, 1),
        sources=(),
        origin=name,
    )
    return Hit(passage=passage, score=score, similarity=score, question_similarity=0.0, bm25=score)


HITS = [hit("best", 0.9), hit("far", 0.5), hit("near", 0.5)]
VECTORS = {
    "best#1": np.array([1.0, 0.0], np.float32),
    "near#1": np.array([0.8, 0.6], np.float32),
    "far#1": np.array([0.0, 1.0], np.float32),
}


def scores(
    hits: list[Hit], vectors: dict[str, np.ndarray], subjects: Subjects | None, *, kin: bool
) -> dict[str, float]:
    return {one.passage.slug: one.score for one in with_kin(hits, vectors, subjects, kin=kin)}


def test_what_is_near_the_likeliest_hit_gains_on_what_is_far_from_it() -> None:
    found = scores(HITS, VECTORS, None, kin=True)
    assert found["best"] == pytest.approx(0.9, abs=0.001)
    assert found["near"] == pytest.approx((0.5 + 0.9 * 0.8) / 2, abs=0.001)
    assert found["far"] == pytest.approx(0.25, abs=0.001)


def test_hits_that_are_nearly_as_likely_lend_nearly_as_much() -> None:
    rival = [hit("best", 0.9), hit("far", 0.9), hit("near", 0.5)]
    assert scores(rival, VECTORS, None, kin=True)["near"] == pytest.approx((0.5 + 0.9 * (0.8 + 0.6) / 2) / 2, abs=0.001)


def test_what_answers_the_same_question_gains_by_the_likelihood_of_the_hit_it_stands_beside() -> None:
    subjects = Subjects({"best#1": ["far#1"]})
    found = scores(HITS, VECTORS, subjects, kin=False)
    assert found == {"best": pytest.approx(0.9, abs=0.001), "near": 0.5, "far": pytest.approx(0.6, abs=0.001)}


def test_a_passage_whose_vector_is_not_there_yet_is_found_all_the_same() -> None:
    without = {id_: vector for id_, vector in VECTORS.items() if id_ != "best#1"}
    found = scores(HITS, without, None, kin=True)
    assert max(found, key=found.__getitem__) == "best"
    assert scores(HITS[:1] * 4 + HITS[1:], without, None, kin=True)["near"] == 0.5
    assert scores(HITS, {}, None, kin=True) == {"best": 0.9, "far": 0.5, "near": 0.5}
