"""Finds a crash that a statement puts at a time that is not its own; what names a crash, its own record says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.figures import Event
from rag.quantities import Quantity, quantities

_SLACK = timedelta(days=30)
"""Forerunners and filings in court lie so far from the days of a crash; who dates it by them is not wrong."""
_BITCOIN_BEGAN = "2009"
_CRASH = (
    r"(?:collaps\w*|crash\w*|implo\w+|fail\w*|bust|bankrupt\w*|bl[eo]w\w*(?: up)?|melt(?:ed|down)|unw[io]\w+|flush\w*"
    r"|fr[eo]ez\w*|froze|dump\w*|weekend)"
)
_ENDS_IN_CRASH = re.compile(rf"\s+{_CRASH}$", re.IGNORECASE)
_FILLER = (
    r"(?:in|on|of|at|from|during|back|the|that|which|who|when|why|how|did|was|is|has|had|been|go|goes|went|happen\w*"
    r"|occur\w*|take|took|place|start\w*|come|came|trade|day|year|it|exchange|withdrawals?|['’]s|s)"
)
_LINK = re.compile(rf"(?:\W|\b{_FILLER}\b|\b{_CRASH}\b)*", re.IGNORECASE)
_ONLY_A_MARK = re.compile(r"\b(?:since|after|before|until|unlike|despite|than)\s+(?:the\s+)?$", re.IGNORECASE)
"""Before a name that another time is counted from: "since the FTX collapse, October 2025 was the worst month"."""
_HAS_CRASH = re.compile(rf"\b{_CRASH}\b", re.IGNORECASE)
_CRASH_BEFORE = re.compile(rf"\b{_CRASH}\s+(?:of\s+)?(?:the\s+)?$", re.IGNORECASE)
_CRASH_AFTER = re.compile(rf"(?:\W|\b{_FILLER}\b)*{_CRASH}\b", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:another|next|new|second|like|similar\w*|again|if|would|could|will|might|imagine|suppose|anniversary|trial)\b",
    re.IGNORECASE,
)
"""No statement of when it was: a crash like it, or one that might come."""


@dataclass(frozen=True)
class Misdated:
    """A crash that a question puts at a time that is not its own, and the crashes that did come then."""

    event: Event
    instead: tuple[Event, ...]


def misdated(text: str, events: Sequence[Event]) -> Misdated | None:
    """The crash whose own name stands beside a date of `text` that is wrong by more than a month, or None.

    A crash of which the text also names a right date counts as well dated.
    """
    if _SUPPOSED.search(text):
        return None
    dates = [stated for stated in quantities(text) if stated.day and not "2" <= stated.day < _BITCOIN_BEGAN]
    for event in events:
        beside = {stated for name in event.own_names for stated in _beside(text, name, dates)}
        if beside and not any(_near(event, stated) for stated in beside):
            day = min(beside)
            others = tuple(other for other in events if len(day) > len("2025") and _came_then(other, day))
            return Misdated(event, others)
    return None


def _beside(text: str, name: str, dates: Sequence[Quantity]) -> list[str]:
    """The dates that `text` gives what is called `name`; a name like "FTX collapse" is also said as "FTX went bust"."""
    body = _ENDS_IN_CRASH.sub("", name)
    found = []
    for match in re.finditer(rf"\b{re.escape(body)}\b", text, re.IGNORECASE):
        alone = body == name or _CRASH_BEFORE.search(text[: match.start()]) is not None
        for stated in dates:
            if stated.day is None:
                continue
            if stated.start >= match.end():
                between = text[match.end() : stated.start]
                crashed = alone or _HAS_CRASH.search(between)
                if "," in between and _ONLY_A_MARK.search(text[: match.start()]):
                    continue
            else:
                between = text[stated.end : match.start()]
                crashed = alone or _CRASH_AFTER.match(text[match.end() :])
            if crashed and _LINK.fullmatch(between):
                found.append(stated.day)
    return found


def _near(event: Event, day: str) -> bool:
    """Whether `day` (ISO, also partial or without a year) overlaps the event's days, give or take a month."""
    years = [str(event.start.year), str(event.end.year)] if day.startswith("--") else [""]
    return any(_overlaps(event, f"{year}{day[1:] if year else day}", _SLACK) for year in years)


def _came_then(event: Event, day: str) -> bool:
    return not day.startswith("--") and _overlaps(event, day, timedelta())


def _overlaps(event: Event, day: str, slack: timedelta) -> bool:
    first, last = _span(day)
    return first <= event.end + slack and event.start - slack <= last


def _span(day: str) -> tuple[date, date]:
    """First and last day of an ISO date, month or year."""
    year, *rest = (int(part) for part in day.split("-"))
    if not rest:
        return date(year, 1, 1), date(year, 12, 31)
    month = rest[0]
    if len(rest) > 1:
        return date(year, month, rest[1]), date(year, month, rest[1])
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)
