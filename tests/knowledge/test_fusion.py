"""Reciprocal rank fusion rewards agreement between rankings."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.fusion import reciprocal_rank_fusion

rankings = st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), max_size=4)


def test_an_item_in_both_rankings_beats_one_in_either() -> None:
    fused = reciprocal_rank_fusion([["a", "b", "c"], ["d", "b", "e"]])
    assert fused[0][0] == "b"


def test_the_formula_is_the_published_one() -> None:
    ((_, score),) = reciprocal_rank_fusion([["a"], []], k=60)
    assert score == (1 / 61) / (2 / 61)


@given(rankings)
def test_every_item_comes_once_best_first_within_bounds(given_rankings: list[list[int]]) -> None:
    fused = reciprocal_rank_fusion(given_rankings)
    scores = [score for _, score in fused]
    assert {item for item, _ in fused} == {item for ranking in given_rankings for item in ranking}
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 + 1e-12 for score in scores)
