"""Answers from the table of published figures; see `rag.published`."""

from knowledge.gazetteer import Entity, Gazetteer
from rag.answerers.answerer import Found
from rag.gap import Gap
from rag.published.answerer import PublishedAnswerer
from rag.reply import Reply

_SETTINGS = frozenset({"place", "regulator", "publisher", "index"})
"""Kinds of which a question may name one without asking about it."""


class FigureAnswerer:
    """Lets the table of published figures answer what is asked of crashes by number, order, date or story.

    A reply that leaves out something that the question names is no answer to it, and becomes a gap that says so.
    """

    name = "published"

    def __init__(self, published: PublishedAnswerer, gazetteer: Gazetteer) -> None:
        self._published = published
        self._gazetteer = gazetteer

    def accepts(self, found: Found) -> bool:
        return found.frame.route not in {"calculate", "market"} or bool(found.frame.events)

    def answer(self, found: Found) -> Reply | None:
        reply = self._published.answer(found.frame, found.hits)
        if reply is None or not reply.answered:
            return reply
        missing = [entity for entity in found.frame.entities if not self._speaks_of(reply, entity, found)]
        if not missing:
            return reply
        return Reply((), answered=False, gap=Gap("not_published", tuple(f"that of {one.name}" for one in missing)))

    def _speaks_of(self, reply: Reply, entity: Entity, found: Found) -> bool:
        if entity.kind in _SETTINGS or any(
            self._names(event.name, event.aliases, entity) for event in found.frame.events
        ):
            return True
        said = [claim.text for paragraph in reply.paragraphs for claim in paragraph]
        said += [item.text for paragraph in reply.paragraphs for claim in paragraph for item in claim.evidence]
        return any(self._gazetteer.named_in(entity, text) for text in said)

    def _names(self, name: str, aliases: tuple[str, ...], entity: Entity) -> bool:
        return any(self._gazetteer.named_in(entity, text) for text in (name, *aliases))
