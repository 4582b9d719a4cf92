"""Puts the house together: the only place that builds the parts and hands them to each other."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from knowledge.document import Passage
from knowledge.embedding import Embedder
from knowledge.errors import IndexEmpty
from knowledge.gazetteer import Gazetteer
from knowledge.index import Progress
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings
from market.errors import StoreBusy
from market.market import Market
from market.settings import MarketSettings
from rag.answer import Answer
from rag.answerers.calculation import CalculationAnswerer
from rag.answerers.entry import EntryAnswerer
from rag.answerers.published import FigureAnswerer
from rag.answerers.reading import ReadingAnswerer
from rag.chain import Stages, build_chain
from rag.compose import Composer
from rag.courtesies import EDUCATION_PASSAGE, Courtesies
from rag.events import EventFinder
from rag.examples import Examples
from rag.generating.opening import model_label, open_model
from rag.generating.writer import Writer
from rag.guards.distress import DistressReader
from rag.judge import Encoder, Judge
from rag.judge.compiled import Compiled
from rag.judge.features import Features
from rag.plan import OVERVIEW, OVERVIEW_QUESTIONS, Planner
from rag.published import PublishedAnswerer
from rag.question import Question
from rag.questionlog import Face, QuestionLog, Rating
from rag.reader import Heads, Reader
from rag.replies import Replies
from rag.settings import RagSettings
from rag.streaming import Said, Streaming
from rag.trace import Explained, build_explaining_chain
from rag.tracing import listeners_of
from rag.verifying import Support, Verifier
from rag.vocabulary import Vocabulary
from ui.errors import FeedbackOff, UnknownAnswer
from ui.telemetry import Telemetry

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.runnables import Runnable

_FIRST_SEARCH = "What is leverage?"


@dataclass(eq=False)
class App:
    """Everything a face needs to answer. Only `stand_on` changes it."""

    home: Path
    library: Library
    market: Market
    chain: "Runnable[Question, Answer]"
    explaining: "Runnable[Question, Explained]"
    streaming: Streaming
    stages: Stages
    rag_settings: RagSettings
    questions: QuestionLog | None
    """Where questions are kept; None where that is turned off."""
    telemetry: Telemetry

    async def stream(self, question: Question, face: Face) -> AsyncGenerator[Said | Answer]:
        """Each sentence once it is verified, at last the whole answer; closed early it ends, and keeps nothing."""
        with self.telemetry.answering(face) as answered:
            async with aclosing(self.streaming(question)) as told:
                async for one in told:
                    if isinstance(one, Said):
                        yield one
                        continue
                    answered(one.answer)
                    await self._kept(one, face)
                    yield one.answer

    async def answer(self, question: Question, face: Face) -> Answer:
        """The answer for someone who asked through `face`; the question is kept, whatever becomes of the log."""
        with self.telemetry.answering(face) as answered:
            explained = await self.explaining.ainvoke(question)
            answered(explained.answer)
        await self._kept(explained, face)
        return explained.answer

    async def _kept(self, explained: Explained, face: Face) -> None:
        if self.questions is not None:
            await asyncio.to_thread(_record, self.questions, explained, face)

    def with_stages(self, stages: Stages) -> "App":
        """The same house with other stages, as `replace(app.stages, composer=mine)` makes them."""
        return replace(
            self,
            stages=stages,
            chain=build_chain(stages),
            explaining=build_explaining_chain(stages),
            streaming=Streaming(stages),
        )

    def stand_on(self, library: Library) -> None:
        """Answers the next question from `library`; answers under way end on what they began with.

        Each of the parts is whole in itself, and an answer takes one of them, once.
        """
        now = self.stages
        stages = _stages(library, self.market, self.rag_settings, self.home, now.verifier, now.writer, now.listeners)
        # What is only made when it is first needed is made here, not while somebody waits.
        library.index.search(_FIRST_SEARCH, 1)
        renewed = self.with_stages(stages)
        self.library, self.stages = library, stages
        self.chain, self.explaining, self.streaming = renewed.chain, renewed.explaining, renewed.streaming

    def rate(self, answer_id: str, rating: Rating, comment: str | None = None) -> None:
        """Keeps what somebody thought of an answer. Raises UnknownAnswer, or FeedbackOff where nothing is kept."""
        if self.questions is None:
            raise FeedbackOff
        if not self.questions.rate(answer_id, rating, comment):
            raise UnknownAnswer(answer_id)

    def ask(self, question: Question) -> Answer:
        return self.chain.invoke(question)

    def explain(self, question: Question) -> Explained:
        """The answer with the trace of how it came about."""
        return self.explaining.invoke(question)


def open_library(home: Path) -> Library:
    return Library(home, KnowledgeSettings())


def open_market(home: Path, *, writing: bool = False) -> Market:
    """The market of `home`; with `writing` open for writing, unless another process reads it all the while."""
    settings = MarketSettings()
    if writing:
        try:
            return Market.open(home, settings, read_only=False)
        except StoreBusy as error:
            logging.getLogger(__name__).warning("market data are read only: %s", error)
    return Market.open(home, settings)


def open_question_log(home: Path, settings: RagSettings) -> QuestionLog | None:
    """The log of questions, or None where it is turned off."""
    if not settings.question_log:
        return None
    home.mkdir(parents=True, exist_ok=True)
    url = settings.question_log_url or f"sqlite:///{home / 'questions.sqlite'}"
    return QuestionLog.open(url, settings.question_log_days)


def build_app(home: Path, progress: Progress | None = None, *, lasting: bool = False, writing: bool = False) -> App:
    """Opens the stores in `home`, brings the index up to the shelf (`progress` tells how far), builds the chain.

    `lasting` is for what goes on while others sync the index: it answers from a snapshot. `writing` is for a server:
    it holds the market store while others use it through that process.
    """
    settings = RagSettings()
    open_model(settings)  # one that cannot be opened is told of at once, not after the index is built
    library = open_library(home)
    library.sync(progress)
    if lasting:
        with closing(library):
            library = library.snapshot()
    market = open_market(home, writing=writing)
    verifier = Verifier(Support(library.index.embedder.embed))
    writer = open_writer(settings, verifier, market)
    stages = _stages(library, market, settings, home, verifier, writer, listeners_of(settings))
    app = App(
        home=home,
        library=library,
        market=market,
        chain=build_chain(stages),
        explaining=build_explaining_chain(stages),
        streaming=Streaming(stages),
        stages=stages,
        rag_settings=settings,
        questions=open_question_log(home, settings),
        telemetry=Telemetry(),
    )
    app.telemetry.watch(lambda: len(app.library.index), market.status, market.feeds)
    return app


def _record(log: QuestionLog, explained: Explained, face: Face) -> None:
    try:
        log.record(explained.answer, explained.trace, face)
    except SQLAlchemyError as error:
        # Someone waits for the answer; that it could not be kept is the operator's to know.
        logging.getLogger(__name__).warning("question not kept: %s", str(error).splitlines()[0])


def _stages(
    library: Library,
    market: Market,
    settings: RagSettings,
    home: Path,
    verifier: Verifier,
    writer: Writer | None,
    listeners: Sequence["BaseCallbackHandler"],
) -> Stages:
    """The stages over the passages of `library`; verifier, writer and listeners know nothing of those and go on."""
    embedder = library.index.embedder
    gazetteer = Gazetteer.load()
    replies = Replies.load()
    cache = home / "examples"
    asked = {name: metric.examples for name, metric in market.metrics().items()}
    metrics = Examples(_masked({OVERVIEW: OVERVIEW_QUESTIONS, **asked}, gazetteer), embedder, cache)
    tokenizer = Embedder.packaged().folder / "tokenizer.json"
    encoder = Encoder(tokenizer)
    compiled = Compiled.load()
    judge = Judge(encoder, Features(compiled, gazetteer), compiled)
    entry = EntryAnswerer(judge.thresholds)
    reader = open_reader(library, gazetteer, encoder, Heads(tokenizer))
    published = PublishedAnswerer.over(library.events, embedder, cache, library.index.passage)
    return Stages(
        market=market,
        index=library.index,
        reader=reader,
        planner=Planner(market, metrics, settings),
        judge=judge,
        composer=Composer(
            (
                CalculationAnswerer(replies, market.metrics),
                FigureAnswerer(published, gazetteer),
                ReadingAnswerer(replies, market.metrics, library.index.passage),
                entry,
            ),
            entry,
            Courtesies(replies),
            replies,
            library.index.passage,
            _passage(library, EDUCATION_PASSAGE),
            reader.fires,
        ),
        verifier=verifier,
        writer=writer,
        settings=settings,
        listeners=listeners,
    )


def open_reader(library: Library, gazetteer: Gazetteer, encoder: Encoder, heads: Heads) -> Reader:
    """What reads messages, with the words and events of `library`."""
    embedder = library.index.embedder
    names = [name for event in library.events for name in (event.name, *event.aliases)]
    passages = [text for p in library.index.passages() for text in (p.embedded_text, *p.questions)]
    vocabulary = Vocabulary([*passages, *names, *gazetteer.names()], embedder.is_word)
    finder = EventFinder(library.events)
    return Reader(embedder, encoder, heads, gazetteer, finder, vocabulary, DistressReader())


def open_writer(settings: RagSettings, verifier: Verifier, market: Market) -> Writer | None:
    """The language model that writes, or None where the composer does alone."""
    model = open_model(settings)
    if model is None:
        return None
    return Writer(
        model,
        model_label(settings),
        verifier,
        market,
        tools=settings.model_tools,
        timeout_seconds=settings.model_timeout_seconds,
        attempts=settings.model_attempts,
    )


def _masked(labelled: Mapping[str, Sequence[str]], gazetteer: Gazetteer) -> dict[str, list[str]]:
    return {label: [gazetteer.masked(text) for text in texts] for label, texts in labelled.items()}


def _passage(library: Library, id_: str) -> Passage:
    passage = library.index.passage(id_)
    if passage is None:
        raise IndexEmpty(f"the entry {id_}, which answers rely on, is missing; restore its file in knowledge/faq")
    return passage
