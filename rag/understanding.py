"""From the words of a question to what it asks: parts, intent, assets, event, period, calculation. No LLM."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from knowledge.embedding import Embedder, Vectors
from knowledge.figures import Event
from rag.assets import assets_in
from rag.events import EventFinder
from rag.examples import Examples
from rag.followup import standalone
from rag.inputs import CalculationRequest, calculation_of
from rag.intent import Intent, intent_of
from rag.periods import Period, period_of
from rag.question import Question
from rag.vocabulary import Vocabulary

_SPLIT = re.compile(
    r"(?<=\?)\s+(?=\S)|,?\s+(?:and|also|plus)\s+(?=(?:what|how|why|who|when|where|which|is|are|do|does|did|can|will)\b)",
    re.IGNORECASE,
)
_MOST_PARTS = 3
_NOW = re.compile(
    r"\b(?:right now|now|currently|current|at the moment|at present|today|tonight|latest|so far|still|these days|"
    r"going on|happening|(?:last|past)\s+(?:\d+\s*)?(?:h|hours?|days?|week|night))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One of the questions inside a message, as understood."""

    text: str
    vector: Vectors
    intent: Intent
    nearest: Mapping[str, float]
    assets: tuple[str, ...]
    events: tuple[Event, ...]
    period: Period
    about_now: bool
    calculation: CalculationRequest | None
    unknown_names: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """The whole message: made stand-alone, cut into parts."""

    question: Question
    standalone: str
    parts: tuple[Part, ...]


class Understand:
    """Understands questions with an embedder, intent examples and the names of the events."""

    def __init__(
        self,
        embedder: Embedder,
        intents: Examples,
        events: EventFinder,
        vocabulary: Vocabulary,
        intent_floor: float,
    ) -> None:
        self._embedder = embedder
        self._vocabulary = vocabulary
        self._intents = intents
        self._events = events
        self._intent_floor = intent_floor

    def __call__(self, question: Question, now: datetime) -> Understanding:
        """Reads `question` as asked at `now`."""
        whole = standalone(question.text, question.history)
        texts = [text.strip(" ,") for text in _SPLIT.split(whole) if len(text.split()) > 1][:_MOST_PARTS] or [whole]
        vectors = self._embedder.embed(texts)
        parts = [self._part(text, vector, now, whole) for text, vector in zip(texts, vectors, strict=True)]
        return Understanding(question=question, standalone=whole, parts=tuple(parts))

    def _part(self, text: str, vector: Vectors, now: datetime, whole: str) -> Part:
        nearest = self._intents.similarities(vector)
        period = period_of(text, now)
        if period.day is None:
            period = period.model_copy(update={"day": period_of(whole, now).day})
        return Part(
            text=text,
            vector=vector,
            intent=intent_of(text, nearest, self._intent_floor),
            nearest=nearest,
            assets=assets_in(text) or assets_in(whole),
            events=self._events.find(text, period.day) or self._events.find(whole, period.day),
            period=period,
            about_now=bool(_NOW.search(text)) and period.day is None,
            calculation=calculation_of(text) or calculation_of(whole),
            unknown_names=self._vocabulary.unknown_names(text),
        )
