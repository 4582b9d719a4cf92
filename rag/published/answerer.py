"""Answers from published figures: one value, an order, a comparison, a correction, a crash as a whole, or the gap."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.embedding import Embedder
from knowledge.figures import Event
from knowledge.hits import Hit
from rag.draft import DraftClaim, Paragraph
from rag.examples import Examples
from rag.frame import Frame
from rag.gap import Gap
from rag.phrasing import days_in_words
from rag.published.query import FigureQuery, FigureResult, Missing
from rag.published.reader import QueryReader
from rag.published.receipts import Receipts
from rag.published.sentences import FigureSentences
from rag.published.statements import Correction, StatementChecker
from rag.published.story import Story
from rag.published.table import FigureTable
from rag.published.verdict import verdict
from rag.quotation import Passages, quoted
from rag.reply import Reply
from rag.sentences import sentences

_YES_NO = 0.5
_CHOICES = 3
_MOST_INSTEAD = 2


class PublishedAnswerer:
    """Answers what the table of published figures and the records of the crashes hold, and nothing else."""

    name = "published"

    def __init__(
        self, table: FigureTable, reader: QueryReader, statements: StatementChecker, passages: Passages
    ) -> None:
        self._table = table
        self._reader = reader
        self._statements = statements
        self._passages = passages
        self._sentences = FigureSentences(table.guide, passages)
        self._receipts = Receipts(table.guide, passages)
        self._story = Story(table, self._sentences, passages)

    @classmethod
    def over(cls, events: Sequence[Event], embedder: Embedder, cache: Path, passages: Passages) -> "PublishedAnswerer":
        """An answerer from the published figures of `events`; vectors of examples are kept in `cache`."""
        table = FigureTable.of(events)
        examples = Examples(table.guide.examples(), embedder, cache)
        checker = StatementChecker(table, embedder, cache)
        return cls(table, QueryReader(examples, table, embedder), checker, passages)

    def answer(self, frame: Frame, hits: Sequence[Hit]) -> Reply | None:
        """What the table says to `frame`; None where it asks for nothing of a crash's published facts."""
        wrong = self._statements.corrections(frame)
        corrected = tuple(self._corrected(one) for one in wrong)
        query = self._reader.figure_query(frame)
        if query is not None:
            reply = self._of_query(frame, query, wrong, hits)
        else:
            aspect = self._reader.aspect(frame)
            told = self._story.paragraphs(frame.events[0], aspect) if aspect else ()
            reply = Reply(told, answered=True) if told else None
        if not corrected:
            return reply
        if reply is None:
            gap = None if frame.yes_no >= _YES_NO else Gap("false_premise")
            return Reply(corrected, answered=gap is None, gap=gap)
        return Reply((*corrected, *reply.paragraphs), reply.answered, reply.gap, reply.follow_ups)

    def _of_query(
        self, frame: Frame, query: FigureQuery, wrong: Sequence[Correction], hits: Sequence[Hit]
    ) -> Reply | None:
        if any(one.dimension == query.dimension for one in wrong):
            # What sets a number right has said the figures of its kind.
            return Reply((), answered=True)
        if not query.events and query.aggregate in {"value", "when", "duration", "share"}:
            return self._ambiguous(frame, query)
        if len(query.dimensions) > 1:
            return self._side_by_side(query)
        result = self._table.ask(query)
        if result.asked == 0:
            # No crash here is of that time.
            return None
        decided = verdict(frame.text, frame.events, result, self._table.guide) if frame.yes_no >= _YES_NO else None
        paragraphs = self._sentences.paragraphs(result, decided)
        lacking = _lacks(result)
        if not lacking:
            return Reply(paragraphs, answered=True)
        gaps = [one for one in result.missing if one.event in query.events] or list(result.missing)
        missing = tuple(self._sentences.missing(one) for one in gaps[:_CHOICES])
        if query.by == "venue" and not missing:
            missing = tuple(f"liquidations of more than one venue in the {event.name}" for event in query.events)
            gaps = [Missing(event, query.dimension, venue="each venue") for event in query.events]
        nearest = tuple(hit.passage.id for hit in hits[:_CHOICES])
        if not paragraphs and gaps:
            paragraphs = (self._sentences.unpublished(gaps),)
        return Reply(paragraphs, answered=False, gap=Gap("not_published", missing, nearest))

    def _ambiguous(self, frame: Frame, query: FigureQuery) -> Reply | None:
        """Which crash is meant is open; None where the question names something else that it is asked of."""
        if frame.events or frame.entities or frame.unknown or query.period is not None:
            return None
        latest = [event for event in self._table.events if self._table.best(event, query.dimension)][-_CHOICES:]
        choices = tuple(event.name for event in reversed(latest))
        return Reply((), answered=False, gap=Gap("ambiguous", choices=choices)) if choices else None

    def _side_by_side(self, query: FigureQuery) -> Reply | None:
        """Crashes compared as a whole, by each of the headline dimensions that two of them share."""
        paragraphs: list[Paragraph] = []
        for dimension in query.dimensions:
            result = self._table.ask(FigureQuery((dimension,), events=query.events))
            if len(result.entries) > 1:
                said = self._sentences.paragraphs(result)
                paragraphs += said[:1] if paragraphs else said[:2]
        return Reply(tuple(paragraphs), answered=True) if paragraphs else None

    def _corrected(self, one: Correction) -> Paragraph:
        if one.kind == "date":
            return tuple(self._dated(one.event, one.instead))
        entry = self._table.best(one.event, one.dimension) if one.dimension and not one.rows else None
        rows = entry.rows if entry else one.rows
        said = self._sentences.entry_of(rows)
        first = said[0].text
        lead = f"{first[0].lower()}{first[1:]}" if first.startswith("In ") else first
        return (DraftClaim(f"No: {lead}", said[0].evidence), *said[1:])

    def _dated(self, event: Event, instead: Sequence[Event]) -> Sequence[DraftClaim]:
        """When the crash was, then what came at the time in the question, and why."""
        said = f"No: the {event.name} {days_in_words(event.start, event.end)}, which is not the time in the question."
        claims = [DraftClaim(said, self._receipts.days(event))]
        for other in instead[:_MOST_INSTEAD]:
            for anchor in ("what-happened", "causes"):
                passage = self._passages(f"{other.slug}#{anchor}")
                claims += quoted(passage, None, sentences(passage.text)[:1]) if passage else ()
        return claims


def _lacks(result: FigureResult) -> bool:
    """Whether what is asked stays open: no figure at all, or none for one of the things to be compared."""
    query = result.query
    if not result.entries:
        return True
    if query.by == "venue" and len(result.entries) < 2 and not query.venues:
        return True
    compared = query.by == "asset" or (len(query.events) > 1 and query.aggregate in {"max", "min", "difference"})
    return compared and len(result.entries) + len(result.apart) < 2
