"""Reads a message into frames: which questions it asks, of what, and what it is beside a question. Answers nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from knowledge.embedding import Embedder, Vectors
from knowledge.gazetteer import Gazetteer
from rag.events import EventFinder
from rag.frame import Frame, GuardName, Message
from rag.guards.care import About
from rag.guards.distress import DistressReader
from rag.inputs import CalculationRequest, asks_of_a_rise, calculation_of, merged_calculation
from rag.judge.encoder import Encoder
from rag.languages import ENGLISH, language_of
from rag.periods import period_of, stated_days
from rag.published.grammar import aggregate_of, by_of, side_of, unit_of
from rag.question import Question
from rag.reader.clauses import questions_of
from rag.reader.heads import Heads, Scores
from rag.reader.merge import merge, of_the_same_crash
from rag.slang import written_out
from rag.vocabulary import Vocabulary

_TURNS = 2
"""Earlier turns that are read; what was said before those is seldom meant."""
_LEANS = 0.5
_OTHER = 0.5
_ENGLISH_SHARE = 0.7
"""Of 702 messages in nine languages none has so many words of the shelf, of 2,869 English ones 0.78."""
_LONGEST_CONTEXT = 240
"""Characters of an earlier turn that a follow-up takes over."""


class Reader:
    """Reads messages. The same message always gives the same frames."""

    def __init__(
        self,
        embedder: Embedder,
        encoder: Encoder,
        heads: Heads,
        gazetteer: Gazetteer,
        events: EventFinder,
        vocabulary: Vocabulary,
        distress: DistressReader,
    ) -> None:
        self._embedder = embedder
        self._encoder = encoder
        self._heads = heads
        self._gazetteer = gazetteer
        self._events = events
        self._vocabulary = vocabulary
        self._distress = distress

    def __call__(self, question: Question, now: datetime) -> Message:
        """The frames of `question` as asked at `now`; earlier user turns are read for what it leaves out."""
        previous: Frame | None = None
        for turn in [turn.content for turn in question.history if turn.role == "user" and turn.content.strip()][
            -_TURNS:
        ]:
            previous = self._frames(" ".join(turn.split()), previous, now)[-1]
        frames = self._frames(question.text, previous, now)
        # A message that is one question has been read already.
        once = len(frames) == 1 and frames[0].words == question.text
        whole: Frame | Scores = frames[0] if once else self._heads.read([question.text], _context(previous))[0]
        # The shelf is English: a message in its words need not be identified, which takes memory as well as time.
        known = self._vocabulary.share(question.text) >= _ENGLISH_SHARE
        language = ENGLISH if known else language_of(question.text)
        guards, about = self._whole(question.text, language, whole)
        return Message(
            standalone=" ".join(frame.text for frame in frames) if previous else question.text,
            language=language,
            guards=_highest([guards, *(frame.guards for frame in frames)]) if language == ENGLISH else guards,
            frames=tuple(frames),
            about=about,
        )

    def _whole(self, text: str, language: str, scores: Frame | Scores) -> tuple[Mapping[GuardName, float], About]:
        """The guards of a whole message. What is not English is read for distress alone."""
        if language == ENGLISH:
            return scores.guards, "other" if scores.other >= _OTHER else "self"
        found = self._distress.found(text, language)
        guards = {name: float(name == "distress" and found is not None) for name in scores.guards}
        return guards, found.about if found else "self"

    def frame_of(self, text: str, now: datetime) -> Frame:
        """The frame of a message taken as one question, whatever is in it."""
        return self._frame(text, None, now, text)

    def fires(self, guards: Mapping[GuardName, float], name: GuardName) -> bool:
        """Whether a guard's probability is one at which it acts."""
        return self._heads.fires(guards, name)

    def _frames(self, message: str, previous: Frame | None, now: datetime) -> list[Frame]:
        """The frames of one turn. A later question of it may lean on the first, as a follow-up does."""
        frames: list[Frame] = []
        words = _with_numbers_together(message, questions_of(message))
        for own in words:
            before = frames[0] if frames else previous
            frames.append(self._frame(own, before, now, message))
        return frames

    def _frame(self, words: str, before: Frame | None, now: datetime, message: str) -> Frame:
        scores = self._heads.read([words], _context(before))[0]
        leans = before is not None and scores.leans >= _LEANS
        calculation = calculation_of(words)
        if before is not None and leans and before.calculation is not None:
            merged = merged_calculation(before.calculation, words)
            if merged != before.calculation:
                # What only changes an input asks for the same calculation again.
                calculation, scores = merged, replace(scores, routes=before.routes, kinds=before.kinds)
        text = f"{before.text.rstrip(' ?.!')}: {words}" if before is not None and leans else words
        plain = written_out(text)
        vectors = self._embedded([plain, self._gazetteer.masked(plain)])
        frame = self._new(words, text, message, scores, vectors, calculation, now)
        if before is None:
            return frame
        return merge(before, frame) if leans else of_the_same_crash(before, frame)

    def _new(
        self,
        words: str,
        text: str,
        message: str,
        scores: Scores,
        vectors: Sequence[Vectors],
        calculation: CalculationRequest | None,
        now: datetime,
    ) -> Frame:
        period = period_of(words, now)
        days = stated_days(words, now)
        events = self._events.find(words, days)
        if not events and not days and words != message:
            # What is asked second is asked of the crash that the first names.
            days = stated_days(message, now)
            events = self._events.find(message, days)
            period = period if period.window or period.day else period_of(message, now)
        return Frame(
            text=text,
            words=words,
            vector=vectors[0],
            masked=vectors[1],
            meaning=self._encoder.embed([text])[0],
            routes=scores.routes,
            kinds=scores.kinds,
            guards=scores.guards,
            yes_no=scores.yes_no,
            other=scores.other,
            entities=self._gazetteer.entities(words),
            events=events,
            under_way=() if asks_of_a_rise(words) else self._events.around(now),
            aggregate=aggregate_of(words),
            by=by_of(words),
            side=side_of(words),
            unit=unit_of(words),
            period=period,
            calculation=calculation,
            unknown=self._vocabulary.unknown_names(words),
        )

    def _embedded(self, texts: Sequence[str]) -> Sequence[Vectors]:
        distinct = list(dict.fromkeys(texts))
        made = dict(zip(distinct, self._embedder.embed(distinct), strict=True))
        return [made[text] for text in texts]


def _context(before: Frame | None) -> str | None:
    """What the reader sees of the turn before."""
    return before.text[:_LONGEST_CONTEXT] if before else None


def _with_numbers_together(message: str, questions: list[str]) -> list[str]:
    """`questions`, put together again where only the whole message gives the numbers of a calculation."""
    whole = calculation_of(message)
    if len(questions) == 1 or whole is None or not whole.ready:
        return questions
    alone = [calculation_of(question) for question in questions]
    if any(one is not None and one.ready and one.inputs == whole.inputs for one in alone):
        return questions
    return [message]


def _highest(all_guards: Sequence[Mapping[GuardName, float]]) -> dict[GuardName, float]:
    return {name: max(guards[name] for guards in all_guards) for name in all_guards[0]}
