"""What the knowledge could have said: used only to tell a gap in it from a miss in finding it."""

from collections.abc import Iterable, Mapping, Sequence

from eval.saying import said
from knowledge.document import Passage
from knowledge.figures import Event
from rag.evidence import from_figure
from rag.sentences import sentences


class Shelf:
    """The sentences of every passage, and of every published figure, by id."""

    def __init__(self, passages: Iterable[Passage], figures: Mapping[str, str]) -> None:
        self._sentences = {passage.id: sentences(passage.text) for passage in passages}
        self._figures = figures
        self._known: dict[str, bool] = {}

    def sentences(self, passage_ids: Iterable[str]) -> Sequence[str]:
        """All sentences of the passages named; ids that are not here give none."""
        return [sentence for one in passage_ids for sentence in self._sentences.get(one, ())]

    def knows(self, item: str, passage_ids: Sequence[str] = ()) -> bool:
        """Whether any passage says `item`, or one of `passage_ids` if any are named, or any published figure."""
        if passage_ids:
            return said(item, self.sentences(passage_ids))
        if item not in self._known:
            everything = [sentence for found in self._sentences.values() for sentence in found]
            self._known[item] = said(item, everything) or said(item, list(self._figures.values()))
        return self._known[item]


def shelf_of(passages: Iterable[Passage], events: Iterable[Event]) -> Shelf:
    """The shelf over an index's passages and the figures of all events."""
    figures = [from_figure(event, figure, figure.quantity) for event in events for figure in event.figures]
    return Shelf(passages, {str(figure.detail["id"]): figure.text for figure in figures})
