"""Finds the crash a question is about: by what people call it, or by its date."""

import re
from collections.abc import Sequence

from knowledge.figures import Event


class EventFinder:
    """Names and dates of all known events. The longest name found wins, a name wins over a date."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        names = [(_plain(name), event) for event in events for name in (event.name, *event.aliases)]
        self._names = sorted(names, key=lambda pair: (-len(pair[0]), pair[0]))

    def find(self, text: str, day: str | None) -> tuple[Event, ...]:
        """The events `text` names, in its order; failing that, those that `day` (ISO, also partial) falls in."""
        plain = f" {_plain(text)} "
        named: dict[str, tuple[int, Event]] = {}
        for name, event in self._names:
            position = plain.find(f" {name} ")
            if name and position >= 0:
                named.setdefault(event.id, (position, event))
                plain = plain.replace(f" {name} ", f" {'_' * len(name)} ")
        if named:
            return tuple(event for _, event in sorted(named.values(), key=lambda pair: pair[0]))
        # A bare year says too little: several crashes share it.
        if day is None or len(day) < len("2025-11"):
            return ()
        return tuple(event for event in self._events if _covers(event, day))


def _covers(event: Event, day: str) -> bool:
    start, end = event.start.isoformat()[: len(day)], event.end.isoformat()[: len(day)]
    return start <= day <= end


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9$]+", text.lower()))
