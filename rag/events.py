"""Finds the crash a question is about: by what people call it, or by its date."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from knowledge.figures import Event
from knowledge.gazetteer.calendar import MONTH_PATTERN
from rag.quantities import quantities

_MONTH_S = re.compile(
    rf"\b({MONTH_PATTERN})(?:'s)?(?: \w+)?"
    r" (?:crash|cascade|dump|crisis|sell-?off|wipeout|flush|collapse|meltdown|liquidations?)\b",
    re.IGNORECASE,
)

_BETWEEN = re.compile(r"\W*(?:(?:of|in|on|from)\W+)?", re.IGNORECASE)
"""What may stand between the name of a crash and its date."""


class EventFinder:
    """Names and dates of all known events. The longest name found wins."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        names = [(_plain(name), event) for event in events for name in (event.name, *event.aliases)]
        self._names = sorted(names, key=lambda pair: (-len(pair[0]), pair[0]))
        spoken = (r"[^a-z0-9$]+".join(map(re.escape, name.split())) for name, _ in self._names if name)
        self._spoken = re.compile(rf"(?<![a-z0-9$])(?:{'|'.join(spoken)})(?![a-z0-9$])", re.IGNORECASE)

    def find(self, text: str, days: Sequence[str]) -> tuple[Event, ...]:
        """The events `text` names, in its order, then those that its `days` (ISO, also partial) fall in.

        Beside a name, a month counts only where it is not the named crash's own: "the FTX collapse of November 2022" is
        one event, "worse than March 2020" brings another.
        """
        plain = f" {_plain(text)} "
        named: dict[str, tuple[int, Event]] = {}
        for name, event in self._names:
            position = plain.find(f" {name} ")
            if name and position >= 0:
                named.setdefault(event.id, (position, event))
                plain = plain.replace(f" {name} ", f" {'_' * len(name)} ")
        found = [event for _, event in sorted(named.values(), key=lambda pair: pair[0])]
        if not found and not days:
            found = self._of_month(text)
        # A bare year says too little: several crashes share it.
        others = [
            day
            for day in days
            if len(day) == len("2025-11-04")
            or (len(day) == len("2025-11") and not any(_covers(event, day) for event in found))
        ]
        dated = [event for day in others for event in self._events if _covers(event, day)]
        return tuple({event.id: event for event in (*found, *dated)}.values())

    def around(self, moment: datetime) -> tuple[Event, ...]:
        """The crashes under way at `moment`, or over for less than a day."""
        day, eve = moment.date(), (moment - timedelta(days=1)).date()
        return tuple(event for event in self._events if event.start <= day and event.end >= eve)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Where `text` names a crash or a date; a name and the date beside it are one."""
        dates = [(found.start, found.end) for found in quantities(text) if found.unit == "date"]
        names = [match.span() for match in self._spoken.finditer(text)]
        marks: list[tuple[int, int]] = []
        for start, end in sorted({*dates, *names}):
            if marks and (start < marks[-1][1] or _BETWEEN.fullmatch(text[marks[-1][1] : start])):
                marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
            else:
                marks.append((start, end))
        return marks

    def single(self, text: str, days: Sequence[str]) -> Event | None:
        """The one crash that `text` names or gives the full day of; None where it could also be another, or a month."""
        found = self.find(text, [day for day in days if len(day) == len("2025-11-04")])
        return found[0] if len(found) == 1 else None

    def _of_month(self, text: str) -> list[Event]:
        """ "The October crash": the latest that began in that month."""
        match = _MONTH_S.search(text)
        months = [event for event in self._events if match and event.start.strftime("%B").lower() == match[1].lower()]
        return sorted(months, key=lambda event: event.start)[-1:]

    def without(self, text: str) -> str:
        """`text` without the names and dates of crashes, so that only what is asked about them remains."""
        rest = _MONTH_S.sub(" the crash", text)
        for day in reversed([quantity for quantity in quantities(rest) if quantity.unit == "date"]):
            rest = f"{rest[: day.start]} {rest[day.end :]}"
        plain = f" {_plain(rest)} "
        for name, _ in self._names:
            plain = plain.replace(f" {name} ", " the crash ") if name else plain
        changed = rest != text or " the crash " in plain
        return " ".join(plain.split()) if changed and plain.strip() else text


def _covers(event: Event, day: str) -> bool:
    start, end = event.start.isoformat()[: len(day)], event.end.isoformat()[: len(day)]
    return start <= day <= end


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9$]+", text.lower()))
