"""Receipts for rows of the table: the published figure with its source, or the days of a crash from its own record."""

from knowledge.figures import Event
from rag.evidence import Evidence, from_days, from_figure
from rag.phrasing import days_in_words, moment_in_words
from rag.published.dimension import PublishedGuide
from rag.published.row import FigureRow
from rag.quotation import Passages


class Receipts:
    """Makes receipts with the labels of `guide`; `passages` give what happened in a crash."""

    def __init__(self, guide: PublishedGuide, passages: Passages) -> None:
        self._guide = guide
        self._passages = passages

    def of(self, row: FigureRow) -> tuple[Evidence, ...]:
        """The receipt of a row; empty for the days of a crash whose record is not on the shelf."""
        if row.figure is None:
            return self.days(row.event)
        return (from_figure(row.event, row.figure, self._guide.quantity(row.quantity).label),)

    def worked_out(self, row: FigureRow, name: str, formula: str) -> tuple[Evidence, ...]:
        """The receipt of a number worked out from a row: its figure, and the `formula` with all numbers filled in."""
        return tuple(
            receipt.model_copy(
                update={
                    "title": f"{name}: {receipt.title}",
                    "text": f"{receipt.text} {name}: {formula}.",
                    "detail": {**receipt.detail, "id": f"{receipt.detail['id']}/{name}/{formula}", "formula": formula},
                }
            )
            for receipt in self.of(row)
        )

    def days(self, event: Event) -> tuple[Evidence, ...]:
        """When a crash was, how many days it had, and when bitcoin stood lowest, from its own record."""
        happened = self._passages(f"{event.slug}#what-happened")
        if happened is None:
            return ()
        receipt = from_days(event, happened)
        count = (event.end - event.start).days + 1
        said = f"The {event.name} {days_in_words(event.start, event.end)} ({count} day{'' if count == 1 else 's'})."
        if event.lowest_at is not None:
            said += f" Bitcoin stood lowest on {moment_in_words(event.lowest_at)}."
        return (receipt.model_copy(update={"text": f"{said} {happened.text}"}),)
