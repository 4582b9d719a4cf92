"""Intervals and tests say the same for the same scores, and nothing for none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.statistics import mcnemar_exact, mean_with_interval, paired_difference, percentile


def test_no_values_give_no_estimate() -> None:
    assert mean_with_interval([]) is None
    assert paired_difference([], []) is None
    assert percentile([], 0.5) is None


def test_the_same_values_give_the_same_interval() -> None:
    values = [0.0, 1.0, 1.0, 0.5, 1.0, 0.0]
    assert mean_with_interval(values) == mean_with_interval(values)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_interval_holds_the_mean_and_stays_within_the_values(values: list[float]) -> None:
    estimate = mean_with_interval(values)
    assert estimate is not None
    assert min(values) - 1e-4 <= estimate.low <= estimate.value + 1e-4
    assert estimate.value - 1e-4 <= estimate.high <= max(values) + 1e-4


def test_pairing_sees_what_the_means_alone_hide() -> None:
    before = [n / 100 for n in range(100)]
    change = paired_difference(before, [value - 0.01 for value in before])
    assert change is not None
    assert change.high < 0


@pytest.mark.parametrize(
    ("fixed", "broken", "p"), [(0, 0, 1.0), (0, 5, 0.0625), (0, 8, 0.0078125), (3, 3, 1.0), (1, 9, 0.021484375)]
)
def test_mcnemar_is_the_exact_binomial(fixed: int, broken: int, p: float) -> None:
    assert mcnemar_exact(fixed, broken) == pytest.approx(p)
    assert mcnemar_exact(broken, fixed) == pytest.approx(p)
