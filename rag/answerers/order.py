"""Tries answerers in their order: the first answer counts, else the first gap that one of them can name."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answerers.answerer import Answerer, Found
from rag.answerers.entry import EntryAnswerer
from rag.gap import Gap
from rag.reply import Reply

NOBODY = "gap"
"""The name in the trace where no answerer had an answer."""
_LOOKED_AT = 8
"""Candidates that may speak of what a question names."""


@dataclass(frozen=True)
class Tried:
    """The reply to one question, who gave it, and who was tried before."""

    reply: Reply
    by: str
    tried: tuple[str, ...]


def first_reply(found: Found, answerers: Sequence[Answerer], entry: EntryAnswerer) -> Tried:
    """The reply to `found`. Behind a named gap only an entry that surely answers is served."""
    tried: list[str] = []
    gap: Reply | None = None
    for answerer in answerers:
        if not answerer.accepts(found):
            continue
        tried.append(answerer.name)
        reply = answerer.answer(found)
        if reply is None:
            continue
        if reply.answered:
            surely = gap is None or answerer is not entry or entry.is_sure(found)
            if surely:
                return Tried(reply, answerer.name, tuple(tried))
        elif gap is None:
            gap = reply
    return Tried(gap or Reply((), answered=False, gap=_on_shelf(found)), NOBODY, tuple(tried))


def _on_shelf(found: Found) -> Gap:
    """The gap where nothing on the shelf answers: what the question names and nothing speaks of is missing."""
    lacking = [set(one.missing) for one in found.graded[:_LOOKED_AT]]
    nowhere = [entity.name for entity in found.frame.entities if all(entity.name in names for names in lacking)]
    return Gap("not_on_shelf", (*nowhere, *found.frame.unknown), nearest(found))


def nearest(found: Found, count: int = 3) -> tuple[str, ...]:
    """Ids of the passages that come nearest to an answer."""
    return tuple(one.passage.id for one in found.graded[:count])
