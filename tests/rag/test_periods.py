"""Windows and days are read as people say them, relative to the moment asked about."""

from datetime import UTC, datetime, timedelta

import pytest

from rag.periods import period_of

NOW = datetime(2025, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("liquidations in the last 24h", timedelta(hours=24)),
        ("over the past 7 days", timedelta(days=7)),
        ("in the last hour", timedelta(hours=1)),
        ("how bad was it overnight", timedelta(hours=12)),
        ("what is going on today", timedelta(hours=24)),
        ("over the past two weeks", timedelta(days=14)),
        ("what is leverage", None),
    ],
)
def test_windows(text: str, window: timedelta | None) -> None:
    assert period_of(text, NOW).window == window


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("what happened on 10 October 2025", "2025-10-10"),
        ("on October 10", "2025-10-10"),
        ("on 12 December", "2024-12-12"),
        ("what happened yesterday", "2025-11-04"),
        ("3 days ago", "2025-11-02"),
        ("what is leverage", None),
    ],
)
def test_days(text: str, day: str | None) -> None:
    assert period_of(text, NOW).day == day
