"""Reads when a question is about: a look-back window ("last 24h"), a day, or a moment ("last night")."""

import re
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict

from rag.quantities import quantities

WINDOW = re.compile(
    r"\b(?:last|past|previous|over|within|in|for)\s+(?:the\s+)?(?:last\s+|past\s+)?"
    r"(?:(?P<count>\d+|a|an|one|two|three|few)[\s-]?)?(?P<unit>h|hr|hrs|hours?|d|days?|weeks?|months?|minutes?|min)\b"
    r"|\b(?P<glued>\d+)[\s-]?(?P<glued_unit>h|hr|hrs|hour|hours|d|day|days|min)\b"
    r"|\b(?P<named>today|tonight|this week|overnight|last night|this month)\b",
    re.IGNORECASE,
)
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "few": 3}
_UNITS = {"h": 1, "d": 24, "w": 168, "mo": 730}
_NAMED = {"today": 24, "tonight": 12, "overnight": 12, "last night": 12, "this week": 168, "this month": 730}

RELATIVE = re.compile(
    r"\b(?:yesterday|(?:\d+|an?|one|two|three)\s+(?:hours?|days?|weeks?|months?)\s+ago|(?:last|on)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)

ASKS_WHEN = re.compile(
    r"\bwhen (?:was|did|were)\b|\b(?:what|which) (?:day|date|month|year) (?:was|did)\b", re.IGNORECASE
)


class Period(BaseModel):
    """`window` looks back; `day` is stated as ISO text (2025-11-04, 2025-11 or 2025) if the question names one.

    `relative` says that the day was counted from now: "yesterday".
    """

    model_config = ConfigDict(frozen=True)

    window: timedelta | None = None
    day: str | None = None
    relative: bool = False


def period_of(text: str, now: datetime) -> Period:
    """The period `text` speaks of; a day without a year is the latest such day not after `now`."""
    stated = next(iter(stated_days(text, now)), None)
    counted = None if stated else _counted_day(text, now)
    return Period(window=_window(text), day=stated or counted, relative=counted is not None)


def _window(text: str) -> timedelta | None:
    match = WINDOW.search(text)
    if match is None:
        return None
    if match["named"]:
        return timedelta(hours=_NAMED[match["named"].lower()])
    unit = (match["unit"] or match["glued_unit"]).lower()
    count_text = (match["count"] or match["glued"] or "1").lower()
    count = _WORDS.get(count_text) or int(count_text)
    if count == 0:
        return None
    if unit.startswith("mi"):
        return timedelta(minutes=count)
    return timedelta(hours=count * _UNITS["mo" if unit.startswith("mo") else unit[0]])


def stated_days(text: str, now: datetime) -> tuple[str, ...]:
    """Every day, month or year that `text` names, as ISO text; one without a year is the latest not after `now`."""
    found = []
    for quantity in quantities(text):
        if quantity.day is None:
            continue
        day = quantity.day
        if day.startswith("--"):
            this_year = f"{now.year}{day[1:]}"
            day = this_year if this_year <= now.date().isoformat() else f"{now.year - 1}{day[1:]}"
        found.append(day)
    return tuple(dict.fromkeys(found))


def _counted_day(text: str, now: datetime) -> str | None:
    relative = RELATIVE.search(text)
    if relative is None:
        return None
    import dateparser

    settings = {"RELATIVE_BASE": now.astimezone(UTC).replace(tzinfo=None), "PREFER_DATES_FROM": "past"}
    phrase = re.sub(r"^(?:last|on)\s+", "", relative[0], flags=re.IGNORECASE)
    moment = dateparser.parse(phrase, languages=["en"], settings=settings)
    return moment.date().isoformat() if moment else None
