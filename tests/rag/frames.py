"""Frames for the tests of answerers, read from text with the real parts; routes and kinds are given by the test."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from knowledge.embedding import Embedder
from knowledge.figures import Event
from knowledge.gazetteer import Gazetteer
from rag.events import EventFinder
from rag.frame import Frame, Kind, Route
from rag.periods import period_of, stated_days
from rag.published.grammar import aggregate_of, by_of, side_of, unit_of

NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Frames:
    """Reads frames as the first stage of the chain does, apart from what is learned."""

    def __init__(self, events: Sequence[Event], embedder: Embedder) -> None:
        self._events = EventFinder(events)
        self._embedder = embedder
        self._gazetteer = Gazetteer.load()

    def __call__(self, text: str, route: Route = "published", kind: Kind = "figure", *, yes_no: float = 0.0) -> Frame:
        masked = self._gazetteer.masked(text)
        vector, of_masked = self._embedder.embed([text, masked])
        routes: Mapping[Route, float] = {route: 0.9}
        return Frame(
            text=text,
            words=text,
            vector=vector,
            meaning=vector,
            masked=of_masked,
            routes=routes,
            kinds={kind: 0.9},
            guards={},
            yes_no=yes_no,
            entities=self._gazetteer.entities(text),
            events=self._events.find(text, stated_days(text, NOW)),
            aggregate=aggregate_of(text),
            by=by_of(text),
            side=side_of(text),
            unit=unit_of(text),
            period=period_of(text, NOW),
        )
