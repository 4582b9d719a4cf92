"""Tells a crash as a whole: what happened, how much, why, and what followed."""

from knowledge.figures import Event
from rag.draft import Paragraph
from rag.explaining import Passages, quoted
from rag.sentences import sentences

_WHY = 3
_AFTER = 2


def told(event: Event, numbers: Paragraph, passages: Passages) -> list[Paragraph]:
    """The event in reading order; `numbers` are its published figures, said after what happened."""
    said = [
        _some(event, "what-happened", None, passages),
        numbers,
        _some(event, "causes", _WHY, passages),
        _some(event, "what-followed", _AFTER, passages),
    ]
    return [paragraph for paragraph in said if paragraph]


def _some(event: Event, anchor: str, count: int | None, passages: Passages) -> Paragraph:
    passage = passages(f"{event.id.replace('_', '-')}#{anchor}")
    return quoted(passage, None, sentences(passage.text)[:count]) if passage else ()
