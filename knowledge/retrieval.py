"""Finds passages for a query, in stages that can each be switched off and are each timed."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from knowledge.document import Frozen, Passage
from knowledge.embedding import Embedder, Vectors
from knowledge.lexical import Lexicon
from knowledge.narrowing import Names, cover_of
from knowledge.queries import Aliases, Query, Spelling, Statements, is_about_now
from knowledge.reranking import Reranker
from knowledge.settings import KnowledgeSettings
from knowledge.vectors import VectorStore

if TYPE_CHECKING:
    from collections.abc import Iterator

Item = TypeVar("Item")

_NAMED = 0.25
"""What being in a document that the question names adds to a passage's score."""
_FRESH = 0.1
"""What being the newest adds where the question asks about now."""

_KIN = 0.8
"""Weight of a passage's likeness to the best one against its own score; from 0.5 to 1.4 it matters little."""

_KIN_REMEMBERED = 5_000
"""Best passages whose likeness to others is remembered; each holds some sixty numbers."""

_LINES = 3
"""Lines of statements that are embedded with a question; more would drown it."""


class Hit(Frozen):
    """A passage found. `score` in [0, 1] is comparable across queries: likeness in meaning and in words, weighed.

    `similarity` is the best cosine of any of its vectors to the query, `question_similarity` that of its
    FAQ phrasings alone; 0.0 where the vectors did not find it.
    """

    passage: Passage
    score: float
    similarity: float
    question_similarity: float
    bm25: float


class Found(Frozen):
    """The hits, best first, the query as it was searched, and how long each stage took."""

    hits: list[Hit]
    query: Query
    timings_ms: dict[str, float]


class _Lazy(Generic[Item]):
    """Made when first asked for, and once, however many ask: a sync, or a look at one passage, needs no word list."""

    def __init__(self, make: Callable[[], Item]) -> None:
        self._make = make
        self._made: Item | None = None
        self._making = Lock()

    def __call__(self) -> Item:
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made


class Retriever:
    """Searches the passages of one state of the index; `stamp` names that state."""

    def __init__(
        self,
        passages: Sequence[Passage],
        vectors: VectorStore,
        embedder: Embedder,
        settings: KnowledgeSettings,
        folder: Path,
        stamp: str,
    ) -> None:
        self.passages = {passage.id: passage for passage in passages}
        self.stamp = stamp
        self._vectors = vectors
        self._embedder = embedder
        self._settings = settings
        self._documents: dict[str, list[Passage]] = {}
        for passage in sorted(passages, key=lambda passage: passage.position):
            self._documents.setdefault(passage.slug, []).append(passage)
        texts = _Lazy(lambda: [" ".join((p.embedded_text, *p.questions)) for p in self.passages.values()])
        self._lexicon = _Lazy(lambda: Lexicon.opened(folder / "lexicon", stamp, list(self.passages), texts))
        self._spelling = _Lazy(lambda: Spelling(texts(), embedder.is_word))
        self._aliases = _Lazy(Aliases.load)
        self._statements = _Lazy(Statements.load)
        self._has_pages = any(passage.page for passage in passages)
        # Titles of the bundled shelf are topics ("Funding payments", "FTX collapse"); narrowing to them costs
        # recall@5 0.04 with articles and 0.01 with events alone.
        titles = {
            slug: f"{found[0].title} {Path(found[0].origin).stem}"
            for slug, found in self._documents.items()
            if found[0].topic == "added"
        }
        self._names = _Lazy(lambda: Names(titles, embedder.is_word))
        # Files are also called "0001234-22-000008.pdf"; the company then stands on the cover.
        covers = {slug: cover_of(found[0].text) for slug, found in self._documents.items() if found[0].page == 1}
        self._covers = _Lazy(lambda: Names(covers, embedder.is_word))
        self._reranker = Reranker(settings.reranker_path) if settings.reranker_path else None
        self._likeness = lru_cache(_KIN_REMEMBERED)(self._likeness_to)

    def neighbours(self, passage_id: str, reach: int = 1) -> Sequence[Passage]:
        passage = self.passages[passage_id]
        return [near for near in self._documents[passage.slug] if abs(near.position - passage.position) <= reach]

    def search(self, asked: str, k: int, vector: Vectors | None = None) -> Found:
        """The `k` best passages. `vector` stands for the query as asked, so that it need not be embedded again."""
        clock = _Stopwatch()
        with clock.stage("query"):
            query = self._read(asked)
        named: dict[str, float] = {}
        if "narrowing" in self._settings.stages:
            with clock.stage("narrowing"):
                named = self._names().named(asked) or self._covers().named(asked)
        similar: dict[str, float] = {}
        by_question: dict[str, float] = {}
        if "dense" in self._settings.stages:
            with clock.stage("dense"):
                given = vector if vector is not None and query.text == asked else self._embedder.embed_one(query.text)
                similar, by_question = self._dense(given, list(named))
                if query.shown:
                    similar = self._with_statements(query, similar, list(named))
        coverage: dict[str, float] = {}
        if "lexical" in self._settings.stages:
            with clock.stage("lexical"):
                coverage = self._lexical(query, list(similar), named)
        with clock.stage("fusion"):
            hits = self._fused(query, similar, by_question, coverage, named)
        # The pages of one report are all alike, and only one of them shows the figure.
        if {"kinship", "dense"} <= self._settings.stages and len(hits) > 1 and not hits[0].passage.page:
            with clock.stage("kinship"):
                hits = self._with_kin(hits)
        if self._reranker:
            with clock.stage("rerank"):
                hits = self._reranked(query, hits)
        if "diversity" in self._settings.stages:
            with clock.stage("diversity"):
                hits = self._diverse(hits, named)
        return Found(hits=hits[:k], query=query, timings_ms=clock.timings)

    def _read(self, asked: str) -> Query:
        stages = self._settings.stages
        text = self._spelling().mended(asked) if "typos" in stages else asked
        also = self._aliases().also(text) if "aliases" in stages else ()
        # Pages of reports are asked for figures by other names than the statements have for them.
        shown = self._statements().shown(text) if "statements" in stages and self._has_pages else ()
        fresh = "freshness" in stages and is_about_now(asked)
        return Query(asked=asked, text=text, also=also, shown=shown, fresh=fresh)

    def _dense(self, vector: Vectors, slugs: Sequence[str]) -> tuple[dict[str, float], dict[str, float]]:
        """Best cosine per passage over all its vectors, and over its questions alone; best first."""
        rows = self._vectors.nearest(vector, self._settings.candidates * 2)
        if slugs:
            rows += self._vectors.nearest(vector, self._settings.candidates, slugs)
        best: dict[str, float] = {}
        questions: dict[str, float] = {}
        for row_id, passage_id, similarity in sorted(rows, key=lambda row: (-row[2], row[0])):
            if passage_id not in self.passages:
                continue
            best.setdefault(passage_id, similarity)
            if row_id != passage_id and not row_id.startswith(f"{passage_id}~text-"):
                questions.setdefault(passage_id, similarity)
        return best, questions

    def _with_statements(self, query: Query, similar: dict[str, float], slugs: Sequence[str]) -> dict[str, float]:
        """Pages may also be like the question together with the lines that show what it asks for."""
        vector = self._embedder.embed_one(f"{query.text} {', '.join(query.shown[:_LINES])}")
        best = dict(similar)
        for _, passage_id, cosine in self._vectors.nearest(vector, self._settings.candidates * 2, slugs):
            passage = self.passages.get(passage_id)
            if passage and passage.page:
                best[passage_id] = max(best.get(passage_id, 0.0), cosine)
        return best

    def _lexical(self, query: Query, also_score: Sequence[str], named: dict[str, float]) -> dict[str, float]:
        """How much of the query's words each passage holds, in [0, 1]; for the best, and for those named."""
        scores = self._lexicon().coverage(query.text, (*query.also, *query.shown))
        inside = [passage.id for slug in named for passage in self._documents[slug]]
        best = [
            *self._lexicon().best(scores, self._settings.candidates),
            *self._lexicon().best(scores, self._settings.candidates, inside),
            *also_score,
        ]
        found = {passage_id: self._lexicon().score(scores, passage_id) for passage_id in best}
        return {passage_id: score for passage_id, score in found.items() if score > 0}

    def _fused(
        self,
        query: Query,
        similar: dict[str, float],
        by_question: dict[str, float],
        coverage: dict[str, float],
        named: dict[str, float],
    ) -> list[Hit]:
        both = {"dense", "lexical"} <= self._settings.stages
        weight = self._settings.meaning_weight if both else float("dense" in self._settings.stages)
        # A passage that only its words found is no closer in meaning than the last that the vectors found.
        floor = min(similar.values(), default=0.0) * 0.9
        newest = max((self.passages[i].updated for i in {*similar, *coverage}), default=date.min)
        hits = []
        for passage_id in {**similar, **coverage}:
            passage = self.passages[passage_id]
            score = weight * max(0.0, similar.get(passage_id, floor)) + (1 - weight) * coverage.get(passage_id, 0.0)
            score += _NAMED * named.get(passage.slug, 0.0)
            if query.fresh:
                score += _FRESH * 0.5 ** ((newest - passage.updated).days / 180)
            hits.append(
                Hit(
                    passage=passage,
                    score=round(min(1.0, score), 6),
                    similarity=similar.get(passage_id, 0.0),
                    question_similarity=by_question.get(passage_id, 0.0),
                    bm25=round(coverage.get(passage_id, 0.0), 4),
                )
            )
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))

    def _with_kin(self, hits: list[Hit]) -> list[Hit]:
        """What is like the best hit is likely about the same thing; the best hit itself keeps its score."""
        best = hits[0]
        likeness = self._likeness(best.passage.id)
        floor = 0.9 * min(likeness.values())
        near = [
            hit.model_copy(update={"score": round((hit.score + _KIN * best.score * cosine) / (1 + _KIN), 6)})
            for hit in hits[1:]
            for cosine in (max(0.0, likeness.get(hit.passage.id, floor)),)
        ]
        return [best, *sorted(near, key=lambda hit: (-hit.score, hit.passage.id))]

    def _likeness_to(self, passage_id: str) -> Mapping[str, float]:
        (vector,) = self._vectors.get([passage_id]).values()
        likeness: dict[str, float] = {}
        for _, other_id, cosine in self._vectors.nearest(vector, self._settings.candidates * 3):
            likeness.setdefault(other_id, cosine)
        return likeness

    def _reranked(self, query: Query, hits: list[Hit]) -> list[Hit]:
        assert self._reranker is not None  # noqa: S101 - asked by the caller
        head = hits[: self._settings.reranked]
        scores = self._reranker.scores(query.text, [hit.passage.embedded_text for hit in head])
        best = [hit.model_copy(update={"score": round(score, 6)}) for hit, score in zip(head, scores, strict=True)]
        return sorted(best, key=lambda hit: -hit.score)

    def _diverse(self, hits: list[Hit], named: dict[str, float]) -> list[Hit]:
        """Caps how many passages one article, event or page may give; what is over the cap is left out.

        FAQ and glossary entries stand alone anyway, and a document that the question names may fill the list.
        """
        kept: list[Hit] = []
        counts: dict[tuple[str, int | None], int] = {}
        for hit in hits:
            passage = hit.passage
            if passage.kind in {"article", "event"}:
                key = (passage.slug, passage.page)
                counts[key] = counts.get(key, 0) + 1
                cap = self._settings.passages_per_page if passage.page else self._settings.passages_per_document
                if counts[key] > cap and (passage.page or passage.slug not in named):
                    continue
            kept.append(hit)
        return kept


class _Stopwatch:
    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> "Iterator[None]":
        start = time.perf_counter()
        yield
        self.timings[name] = round((time.perf_counter() - start) * 1000, 3)
