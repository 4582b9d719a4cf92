"""Durations are read and written as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.durations import duration_of, duration_text, interval_text
from market.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "hours"), [("24h", 24), ("90m", 1.5), ("7d", 168), ("1w", 168), (" 2 H ", 2), ("3600s", 1)]
)
def test_a_count_and_a_unit_are_read(text: str, hours: float) -> None:
    assert duration_of(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "24", "h", "-1h", "0h", "1.5h", "24 hours", "9999999d", "1h30m"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match="such as 90m, 24h or 7d"):
        duration_of(text)


@given(st.integers(min_value=1, max_value=10_000_000))
def test_what_is_written_reads_as_the_same_duration(seconds: int) -> None:
    assert duration_of(duration_text(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "text"), [(60, "1-minute"), (900, "15-minute"), (3600, "1-hour"), (86400, "1-day")]
)
def test_intervals_are_named_in_words(seconds: int, text: str) -> None:
    assert interval_text(timedelta(seconds=seconds)) == text
