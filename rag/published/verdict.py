"""Decides a yes/no question by what the table gives: a comparison, a record, a number; or leaves it open."""

from knowledge.figures import Event
from rag.published.dimension import PublishedGuide
from rag.published.query import Entry, FigureResult
from rag.quantities import quantities

_SAME = 0.02
"""A published value nearer than 2% to the number in a question is that number."""
_UNITS = {"usd": "USD", "percent": "pct", "count": "count", "coin": "BTC", "plain": ""}


def verdict(text: str, events: tuple[Event, ...], result: FigureResult, guide: PublishedGuide) -> bool | None:
    """Whether what `text` asks to confirm is so; None where the table does not decide it or its sources differ."""
    query = result.query
    if query.threshold is not None and len(result.entries) == 1:
        return _beyond(result.entries[0], query.threshold.degree == "more", query.threshold.value)
    if query.aggregate in {"max", "min", "rank"} and len(events) == 1 and query.by == "event":
        return _leads(events[0], result)
    if query.degree is not None and len(result.entries) == 2:
        first, second = _as_named(result)
        more = _exceeds(first, second)
        if more is None:
            return None
        turned = (query.degree == "less") != (guide.dimensions[query.dimension].worse == "low")
        return more is not turned
    if len(result.entries) == 1 and query.degree is None:
        return True if _states(text, result.entries[0]) else None
    return None


def _beyond(entry: Entry, more: bool, value: float) -> bool | None:
    """Whether all sources lie on one side of `value`."""
    beyond = {(row.value > value) if more else (row.value < value) for row in entry.rows}
    return beyond.pop() if len(beyond) == 1 else None


def _leads(event: Event, result: FigureResult) -> bool | None:
    own = next((entry for entry in result.entries if entry.best.event.id == event.id), None)
    if own is None or len(result.entries) < 2:
        return None
    first = result.entries[0]
    if first is own:
        return True
    # Where the sources of both overlap, none of them settles it.
    return None if _exceeds(first, own) is None else False


def _exceeds(one: Entry, other: Entry) -> bool | None:
    """Whether one is greater than the other by all sources of both; None where they overlap."""
    if one.low > other.high:
        return True
    return False if one.high < other.low else None


def _as_named(result: FigureResult) -> tuple[Entry, Entry]:
    """The two entries in the order in which the question names them."""
    query = result.query
    if query.by == "asset":
        place = {asset: n for n, asset in enumerate(query.assets)}
        first, second = sorted(result.entries, key=lambda entry: place.get(entry.best.asset or "", 0))
    else:
        named = {event.id: n for n, event in enumerate(query.events)}
        first, second = sorted(result.entries, key=lambda entry: named.get(entry.best.event.id, 0))
    return first, second


def _states(text: str, entry: Entry) -> bool:
    stated = [one for one in quantities(text) if one.day is None and one.unit in _UNITS]
    return any(
        _UNITS[one.unit] in {"", row.unit}
        and abs(row.value - abs(one.value)) <= max(_SAME * abs(row.value), one.step / 2)
        for one in stated
        for row in entry.rows
    )
