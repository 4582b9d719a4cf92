"""Keeps passages about another crash, or another time, out of an answer that is about one, or about all of them."""

import re
from collections.abc import Sequence
from datetime import timedelta

from knowledge.document import Passage
from knowledge.figures import Event
from rag.quantities import quantities

_AROUND = timedelta(days=3)


def fits(passage: Passage, events: Sequence[Event], *, timeless: bool) -> bool:
    """Whether `passage` may stand in an answer about `events`.

    A passage that names days must name one of an event's, give or take three days. `timeless` refuses every
    passage that names a day, as beside a reading of now. A passage that names no day fits everywhere, unless
    it is the text of another event. A FAQ entry whose question names the event may tell of later days.
    """
    if passage.kind == "event":
        return passage.slug in {event.slug for event in events} if events else not timeless
    days = [
        quantity.day
        for quantity in quantities(" ".join((*passage.headings, passage.text)))
        if quantity.day is not None and len(quantity.day) == len("2025-11-04") and quantity.day[0] != "-"
    ]
    if not days or (passage.kind == "faq" and any(_names(event, passage.headings[-1]) for event in events)):
        return True
    if events:
        return any(_near(event, day) for event in events for day in days)
    return not timeless


def is_dated(passage: Passage) -> bool:
    """Whether what a passage is headed names a day, so that it is about what happened then."""
    return any(quantity.day and quantity.day.count("-") == 2 for quantity in quantities(passage.headings[-1]))


def _names(event: Event, question: str) -> bool:
    """Whether a question is about `event` and names no date beside it, which would be of another."""
    dated = any(quantity.day for quantity in quantities(question))
    names = (event.name, *event.aliases)
    return not dated and any(re.search(rf"\b{re.escape(name)}\b", question, re.IGNORECASE) for name in names)


def _near(event: Event, day: str) -> bool:
    return (event.start - _AROUND).isoformat() <= day <= (event.end + _AROUND).isoformat()
