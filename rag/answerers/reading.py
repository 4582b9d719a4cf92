"""Says what was computed from market data at the moment of asking, or that the data do not reach that far."""

from collections.abc import Callable, Mapping, Sequence

from market.metrics.registry import Metric
from market.reading import Reading
from rag.answerers.answerer import Found
from rag.draft import DraftClaim, Paragraph
from rag.evidence import from_reading
from rag.gap import Gap
from rag.phrasing import joined, reading_value
from rag.quotation import Passages, quoted
from rag.replies import Replies
from rag.reply import Reply
from rag.sentences import sentences
from rag.stating import reading_claims

_CAUSES = 3
Metrics = Callable[[], Mapping[str, Metric]]


class ReadingAnswerer:
    """Says readings; two of one metric are compared first."""

    name = "reading"

    def __init__(self, replies: Replies, metrics: Metrics, passages: Passages) -> None:
        self._replies = replies
        self._passages = passages
        self._metrics = metrics

    def accepts(self, found: Found) -> bool:
        return bool(found.plan.metrics)

    def answer(self, found: Found) -> Reply | None:
        plan = found.plan
        if not plan.readings:
            missing = plan.unread or tuple(self._metrics()[name].title for name in plan.metrics)
            return Reply((), answered=False, gap=Gap("no_market_data", missing=tuple(missing)))
        claims = [*self._compared(plan.readings), *reading_claims(plan.readings, self._metrics())]
        if plan.unread:
            claims.append(DraftClaim(self._replies.gap_of["no_market_data"].format(missing=joined(list(plan.unread)))))
        causes = self._causes(found) if plan.why_now else []
        if plan.why_now and not causes:
            claims.append(DraftClaim(self._replies.why_now[0]))
        gap = Gap("no_market_data", missing=tuple(plan.unread)) if plan.unread else None
        return Reply((tuple(claims), *causes), answered=True, gap=gap)

    def _causes(self, found: Found) -> list[Paragraph]:
        """The published causes of the crash under way."""
        told = [self._passages(f"{event.slug}#causes") for event in found.frame.under_way]
        return [quoted(passage, None, sentences(passage.text)[:_CAUSES]) for passage in told if passage is not None]

    def _compared(self, readings: Sequence[Reading]) -> list[DraftClaim]:
        """Which of two assets has the higher value of one metric."""
        if len(readings) != 2 or len({reading.metric for reading in readings}) != 1:
            return []
        first, second = readings
        if not isinstance(first.value, float) or not isinstance(second.value, float) or first.value == second.value:
            return []
        metric = self._metrics()[first.metric]
        higher, lower = (first, second) if first.value > second.value else (second, first)
        said = (
            f"{metric.title}: {higher.asset} at {reading_value(higher)} stands above "
            f"{lower.asset} at {reading_value(lower)}."
        )
        return [DraftClaim(said, tuple(from_reading(reading, metric.title) for reading in readings))]
