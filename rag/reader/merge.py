"""A follow-up takes over what it leaves out: an empty slot is inherited, a filled one replaces."""

from collections.abc import Iterable
from dataclasses import replace

from knowledge.gazetteer import Entity, EntityKind
from rag.frame import Frame
from rag.periods import Period

_ALIKE: tuple[frozenset[EntityKind], ...] = (
    frozenset({"asset", "stablecoin"}),
    frozenset({"venue", "protocol", "lender"}),
    frozenset({"fund", "company", "person"}),
    frozenset({"place", "regulator"}),
)
"""Kinds of which one takes the other's place: whoever asks "and on Aave?" no longer asks of Binance."""


def merge(previous: Frame, new: Frame) -> Frame:
    """`new`, with what it does not say taken from `previous`.

    Words, vectors and probabilities are those of `new`, which were made of both turns together.
    """
    names_event = bool(new.events) or new.period.day is not None
    return replace(
        new,
        entities=tuple({entity.id: entity for entity in _entities(previous, new)}.values()),
        events=new.events if names_event else previous.events,
        side=new.side or previous.side,
        unit=new.unit or previous.unit,
        by=new.by or previous.by,
        aggregate=new.aggregate if new.aggregate != "value" else previous.aggregate,
        period=_period(previous.period, new.period),
    )


def of_the_same_crash(previous: Frame, new: Frame) -> Frame:
    """`new`, and if it asks for a published figure of no crash or thing at all, that of the crash spoken of before."""
    lacks = not (new.events or new.entities or new.unknown or new.period.day or new.period.window)
    if new.route == "published" and new.aggregate == "value" and lacks and previous.events:
        return replace(new, events=previous.events)
    return new


def _entities(previous: Frame, new: Frame) -> Iterable[Entity]:
    yield from new.entities
    taken = {kind for group in _ALIKE for kind in group if any(entity.kind in group for entity in new.entities)}
    yield from (entity for entity in previous.entities if entity.kind not in taken)


def _period(previous: Period, new: Period) -> Period:
    """A window or a day replaces whatever was asked of before: nobody means both."""
    return new if new.window is not None or new.day is not None else previous
