"""From the words of a question to what it asks: parts, intent, assets, event, period, calculation. No LLM."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from knowledge.embedding import Embedder, Vectors
from knowledge.figures import Event
from rag.assertions import assertions
from rag.assets import assets_in, masked
from rag.events import EventFinder
from rag.examples import Examples
from rag.followup import standalone
from rag.inputs import CalculationRequest, calculation_of, roles_in, speaks_of
from rag.intent import Intent, intent_of
from rag.languages import language_of
from rag.misdating import Misdated
from rag.misquoting import Misquoted, misquoted
from rag.periods import Period, period_of, stated_days
from rag.premises import Assertion, general
from rag.question import Question, Turn
from rag.signals import FUTURE
from rag.slang import written_out
from rag.vocabulary import Vocabulary

_SPLIT = re.compile(
    r"(?<=\?)\s+(?=\S)|,?\s+(?:and\s+also|and|also|plus)\s+(?=(?:what'?s?|how'?s?|why|who|when|where|which|is|are|do|does|did|can)\b)"
    r"|,\s+(?=(?:what'?s?|how'?s?|why|who|when|where|which|was|is|are|did|does)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:[^?,:]{1,40}:\s+)?(?:\W*(?:and|so|but|also)\s+)?(?:what'?s?|how'?s?|why|who|when|where|which|is|are|was|were|do|does|did|can|could|should)\b",
    re.IGNORECASE,
)
_ASKS_OPENLY = re.compile(r"\b(?:what|how|why|who|when|where|which)\b(?=.*\?|\s+\w+\s+\w+)", re.IGNORECASE)
_WORDS_OF_A_PART = 3
_LEANS = re.compile(r"\b(?:it|that|this|they|them|those|these)\b", re.IGNORECASE)
_WORDS_OF_A_LEANING_PART = 8
"""A short question with such a word is about what the one before it is about: "who gets it"."""
_OWN = re.compile(r"\b(?:i|im|i'm|my|me)\b", re.IGNORECASE)
_CONFIRMS = re.compile(r"\b(?:correct|right|true)\W*$", re.IGNORECASE)
_MOST_PARTS = 3
_CALCULATION_FLOOR = 0.45
_NOW = re.compile(
    r"\b(?:right now|now|rn|atm|currently|current|at the moment|at present|today|tonight|latest|so far|still|"
    r"these days|going on|happening|(?:last|past)\s+(?:\d+\s*)?(?:h|hours?|days?|week|night))\b",
    re.IGNORECASE,
)
_WHY_NOW = re.compile(
    r"\b(?:why|how come|what(?:'?s| is| has)?\s+(?:caus\w+|behind|driv\w+|mov\w+|mak\w+))\b"
    r".*\b(?:down|dump\w*|drop\w*|fall\w*|fell|crash\w*|plung\w*|tank\w*|sell\w*|red|dip\w*|bleed\w*"
    r"|up|ris\w+|rall\w+|pump\w*|mov\w+)\b",
    re.IGNORECASE,
)
_STANDS = re.compile(r"\bwhy\s+(?:is|are|'s)\b|\bwhat(?:'?s| is)\b", re.IGNORECASE)
"""Asks of the present, with or without a word for now."""
_UPWARDS = re.compile(r"\b(?:up|ris\w+|rall\w+|pump\w*)\b", re.IGNORECASE)
_MARKET = re.compile(r"\b(?:market|crypto|everything|coins?|alts?|altcoins?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One of the questions inside a message, as understood.

    `vector` finds passages. `own` is the vector of the asker's own words, without the question before a
    follow-up; `bare` the same without the name and date of the crash, where one is named; `masked` the same with
    every asset called bitcoin, since the same question about another asset is the same question. `certain` means
    words, not likeness, decided the intent. `misdated` is a crash put at a time that is not its own, `misquoted`
    the figures of a crash that a number contradicts. `why_now` asks what moves the market at this moment: its events
    are then those under way.
    """

    text: str
    vector: Vectors
    own: Vectors
    bare: Vectors | None
    masked: Vectors
    intent: Intent
    certain: bool
    nearest: Mapping[str, float]
    assets: tuple[str, ...]
    events: tuple[Event, ...]
    period: Period
    about_now: bool
    calculation: CalculationRequest | None
    unknown_names: tuple[str, ...]
    assertions: tuple[Assertion, ...] = ()
    misdated: Misdated | None = None
    misquoted: Misquoted | None = None
    why_now: bool = False
    language: str = "en"

    @property
    def asks(self) -> bool:
        """Whether something is asked openly beside what is asserted."""
        return not self.assertions or bool(_ASKS_OPENLY.search(self.text))


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
        earlier = [Turn(role=turn.role, content=written_out(turn.content)) for turn in question.history]
        whole, focus = standalone(written_out(question.text), earlier, self._events.marks)
        texts = _with_numbers_together(whole, _parts(whole))
        # What a follow-up asks is in its own words; what it is about may stand in the question before.
        focused = texts if focus == whole or len(texts) > 1 else [focus]
        stated = [general(said) for own in focused for said in assertions(own)]
        bare = [self._events.without(own) for own in focused]
        named = [other for own, other in zip(focused, bare, strict=True) if other != own]
        vectors = self._embedded([*texts, *focused, *named, *map(masked, focused), *stated])
        language = language_of(question.text)
        elsewhere = any((request := calculation_of(text)) and request.ready for text in texts)
        parts = [
            self._part(text, own, vectors, now, whole, calculated_elsewhere=elsewhere)
            for text, own in zip(texts, focused, strict=True)
        ]
        return Understanding(question, whole, tuple(replace(part, language=language) for part in parts))

    def _embedded(self, texts: Sequence[str]) -> Mapping[str, Vectors]:
        distinct = list(dict.fromkeys(texts))
        return dict(zip(distinct, self._embedder.embed(distinct), strict=True))

    def _part(
        self,
        text: str,
        own: str,
        vectors: Mapping[str, Vectors],
        now: datetime,
        whole: str,
        *,
        calculated_elsewhere: bool,
    ) -> Part:
        nearest = self._intents.similarities(vectors[masked(own)])
        intent, certain = intent_of(text, nearest, self._intent_floor)
        request = calculation_of(text) or (None if calculated_elsewhere else calculation_of(whole))
        calculation = _wanted(request, text, nearest)
        if calculation and calculation.ready and not certain and intent not in {"calculation", "explain"}:
            # Numbers that make a whole calculation say what is wanted better than likeness does.
            intent = "calculation"
        period = period_of(text, now)
        if intent == "prediction" and period.day is not None and not FUTURE.search(text):
            # Where a day that has been is named, even "the bottom" is asked of the past.
            intent = "event_fact"
        if period.day is None:
            outer = period_of(whole, now)
            period = period.model_copy(update={"day": outer.day, "relative": outer.relative})
        misdated = self._events.misdated(own)
        if misdated:
            # What is asked is meant of the crash, not of the day it is wrongly put at.
            period = Period(window=period.window)
        # "Yesterday" is asked of the market; a crash of that day is meant only where its name or date is said.
        days = stated_days(text, now) or stated_days(whole, now)
        events = (misdated.event,) if misdated else self._events.find(text, days) or self._events.find(whole, days)
        why_now = not events and period.day is None and _asks_why_now(text)
        if why_now and not _UPWARDS.search(text):
            events = self._events.around(now)
        # A number beside a wrong date may be of the crash or of the date.
        single = None if misdated else self._events.single(own, days)
        return Part(
            text=text,
            vector=vectors[text],
            own=vectors[own],
            bare=vectors.get(self._events.without(own)),
            masked=vectors[masked(own)],
            intent=intent,
            certain=certain,
            nearest=nearest,
            assets=assets_in(text) or assets_in(whole),
            events=events,
            period=period,
            about_now=bool(_NOW.search(text)) and period.day is None and not _OWN.search(text),
            calculation=calculation,
            unknown_names=self._vocabulary.unknown_names(text),
            assertions=tuple(Assertion(said, vectors[general(said)]) for said in assertions(own)),
            misdated=misdated,
            misquoted=misquoted(own, single) if single else None,
            why_now=why_now,
        )


def _asks_why_now(text: str) -> bool:
    """Whether `text` asks why the market as a whole, or an asset, moves as it does now."""
    of_market = bool(_MARKET.search(text) or assets_in(text)) and not _OWN.search(text)
    return of_market and bool(_WHY_NOW.search(text)) and bool(_NOW.search(text) or _STANDS.search(text))


def _parts(whole: str) -> list[str]:
    """The questions inside a message; what asks nothing of its own stays with the question beside it."""
    parts: list[str] = []
    for piece in (piece.strip(" ,") for piece in _SPLIT.split(whole) if piece):
        asks = _ASKS.search(piece) and len(piece.split()) >= _WORDS_OF_A_PART
        if parts and not (asks and (_ASKS.search(parts[-1]) or calculation_of(parts[-1]))):
            parts[-1] = f"{parts[-1]} {piece}"
        elif parts and len(piece.split()) <= _WORDS_OF_A_LEANING_PART and _LEANS.search(piece):
            parts.append(f"{parts[-1].rstrip(' ?.!')}: {piece}")
        else:
            parts.append(piece)
    return parts[:_MOST_PARTS] or [whole]


def _with_numbers_together(whole: str, parts: list[str]) -> list[str]:
    """`parts`, those that only together give a calculation put together again; what else is asked stays apart."""
    request = calculation_of(whole)
    if len(parts) == 1 or request is None or not request.ready:
        return parts
    alone = any((own := calculation_of(part)) and own.inputs == request.inputs for part in parts)
    needed = [bool(roles_in(part)) or speaks_of(request.name, part, alone=alone) for part in parts]
    together = " ".join(part for part, one in zip(parts, needed, strict=True) if one)
    place = needed.index(True)
    return [together if n == place else part for n, part in enumerate(parts) if n == place or not needed[n]]


def _wanted(request: CalculationRequest | None, text: str, nearest: Mapping[str, float]) -> CalculationRequest | None:
    """The request, unless it is incomplete and the question wants something explained rather than worked out."""
    if request is None or (request.ready and not _CONFIRMS.search(text)):
        return request
    asks_for_a_number = nearest["calculation"] >= max(_CALCULATION_FLOOR, nearest["explain"])
    return request if asks_for_a_number and not _CONFIRMS.search(text) else None
