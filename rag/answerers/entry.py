"""Serves the entry that answers what was asked, whole and unabridged; the judge decides which, and whether any does."""

from collections.abc import Mapping, Sequence

from rag.answerers.answerer import Found
from rag.judge.judge import Graded
from rag.quotation import quoted_whole
from rag.reply import Reply

_CHIPS = 3


class EntryAnswerer:
    """Serves one entry; `thresholds` are those of the judge."""

    name = "entry"

    def __init__(self, thresholds: Mapping[str, float]) -> None:
        self._serve = thresholds["serve"]
        self._sure = thresholds["sure"]
        self.helping = thresholds["helping"]
        """How likely an entry must help to be taught to somebody who seeks advice."""
        self._chip = thresholds["chip"]

    def accepts(self, found: Found) -> bool:
        return bool(found.graded) and found.graded[0].helps >= self._serve

    def is_sure(self, found: Found) -> bool:
        """Whether the best entry answers so surely that it is served although something else is missing."""
        return bool(found.graded) and found.graded[0].answers >= self._sure

    def answer(self, found: Found) -> Reply | None:
        best = found.graded[0]
        said = quoted_whole(best.passage, best.answers)
        return Reply((said,), answered=True, follow_ups=self.chips(found.graded[1:]))

    def chips(self, graded: Sequence[Graded]) -> tuple[str, ...]:
        """Questions that neighbouring entries answer, as their editors put them."""
        near = [one.passage for one in graded if one.passage.kind == "faq" and one.helps >= self._chip]
        return tuple(dict.fromkeys(passage.headings[-1] for passage in near))[:_CHIPS]
