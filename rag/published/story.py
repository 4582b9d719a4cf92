"""Tells a crash that is asked for as a whole: what happened, how much, why, and what followed; what is asked first."""

from collections.abc import Iterable, Mapping

from knowledge.figures import Event
from rag.draft import DraftClaim, Paragraph
from rag.published.dimension import Aspect
from rag.published.sentences import FigureSentences
from rag.published.table import FigureTable
from rag.quotation import Passages, quoted
from rag.sentences import sentences

_MOST: Mapping[str, int | None] = {"what-happened": None, "causes": 3, "what-followed": 2}
_ORDER: Mapping[Aspect, tuple[str, ...]] = {
    "story": ("what-happened", "figures", "causes", "what-followed"),
    "causes": ("causes", "what-happened", "figures"),
    "aftermath": ("what-followed", "what-happened", "figures"),
}


class Story:
    """Tells from the passages of the event's own document and the table of figures."""

    def __init__(self, table: FigureTable, sentences: FigureSentences, passages: Passages) -> None:
        self._table = table
        self._sentences = sentences
        self._passages = passages

    def paragraphs(self, event: Event, aspect: Aspect) -> tuple[Paragraph, ...]:
        """The crash in the order that `aspect` asks for; empty where its document is not on the shelf."""
        said = [
            tuple(self._headline(event))
            if part == "figures"
            else self._part(event, part, whole=part == _ORDER[aspect][0])
            for part in _ORDER[aspect]
        ]
        return tuple(paragraph for paragraph in said if paragraph) if said[0] else ()

    def _headline(self, event: Event) -> Iterable[DraftClaim]:
        for dimension in self._table.guide.headline:
            entry = self._table.best(event, dimension)
            if entry is not None:
                yield self._sentences.entry(entry)[0]

    def _part(self, event: Event, anchor: str, *, whole: bool) -> Paragraph:
        passage = self._passages(f"{event.slug}#{anchor}")
        if passage is None:
            return ()
        return quoted(passage, None, sentences(passage.text)[: None if whole else _MOST[anchor]])
