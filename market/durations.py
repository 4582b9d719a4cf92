"""Windows and intervals as people write them: "24h", "7d", "90m"."""

import re
from datetime import timedelta

from market.errors import InvalidInput

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,9})\s*([smhdw])", re.IGNORECASE)
_LONGEST = timedelta(days=36_500)


def duration_of(text: str) -> timedelta:
    """Reads a positive duration of one count and one unit: s, m (minutes), h, d or w.

    >>> duration_of("24h")
    datetime.timedelta(days=1)

    Raises InvalidInput if `text` is anything else.
    """
    match = _DURATION.fullmatch(text.strip())
    seconds = int(match[1]) * _UNITS[match[2].lower()] if match else 0
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise InvalidInput(f"'{text}' is not a duration; write a count and a unit, such as 90m, 24h or 7d")
    return timedelta(seconds=seconds)


def duration_text(duration: timedelta) -> str:
    """Writes `duration` (whole seconds) in the largest unit that divides it; up to 72 hours stay hours.

    >>> duration_text(timedelta(days=1)), duration_text(timedelta(days=7)), duration_text(timedelta(minutes=5))
    ('24h', '7d', '5m')
    """
    seconds = int(duration.total_seconds())
    for unit in ("d", "h", "m"):
        size = _UNITS[unit]
        if seconds % size == 0 and (unit != "d" or seconds > 72 * _UNITS["h"]):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def interval_text(interval: timedelta) -> str:
    """Names a candle interval as an adjective.

    >>> interval_text(timedelta(minutes=5)), interval_text(timedelta(days=1))
    ('5-minute', '1-day')
    """
    seconds = int(interval.total_seconds())
    for unit, word in (("d", "day"), ("h", "hour"), ("m", "minute")):
        if seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}-{word}"
    return f"{seconds}-second"


def age_text(age: timedelta) -> str:
    """How old something is, in words.

    >>> age_text(timedelta(minutes=12)), age_text(timedelta(hours=3.5)), age_text(timedelta(days=9))
    ('12 minutes', '3.5 hours', '9 days')
    """
    minutes = max(1, round(age / timedelta(minutes=1)))
    if minutes < 120:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes / 60:.1f} hours" if minutes < 72 * 60 else f"{minutes // 1440} days"
