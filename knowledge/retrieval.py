"""Finds passages for a query, in stages that can each be switched off and are each timed."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from knowledge.document import Passage
from knowledge.embedding import Embedder, Vectors
from knowledge.hits import Found, Hit
from knowledge.kinship import LIKELIEST, with_kin
from knowledge.lexical import Lexicon
from knowledge.narrowing import Names, cover_of
from knowledge.queries import Aliases, Query, Spelling, Statements, is_about_now
from knowledge.reranking import Reranker
from knowledge.settings import KnowledgeSettings
from knowledge.subjects import Subjects
from knowledge.vectors import VectorStore
from knowledge.weighing import Weights, words_of

Item = TypeVar("Item")

_REMEMBERED = 5_000
"""Texts whose vectors are remembered; they take 8 MB."""
_LINES = 3
"""Lines of statements that are embedded with a question; more would drown it."""


class _Meaning(NamedTuple):
    """The query's vector, and cosines by passage: the best of any vector, and of phrasings alone."""

    vector: Vectors
    similar: Mapping[str, float]
    asked: Mapping[str, float]


class _Words(NamedTuple):
    """The share of the query's words that a passage holds, and the passages that hold most."""

    share: Callable[[str], float]
    best: Sequence[str]


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
        asked = {p.id: " ".join((p.place, *p.questions)) for p in self.passages.values() if p.questions}
        self._phrasings = _Lazy(
            lambda: Lexicon.opened(folder / "lexicon-phrasings", stamp, list(asked), lambda: list(asked.values()))
        )
        self._subjects = _Lazy(lambda: Subjects.load(settings.content))
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
        self._texts: dict[str, Vectors] = {}
        self._reranker = Reranker(settings.reranker_path) if settings.reranker_path else None

    def neighbours(self, passage_id: str, reach: int = 1) -> Sequence[Passage]:
        passage = self.passages[passage_id]
        return [near for near in self._documents[passage.slug] if abs(near.position - passage.position) <= reach]

    def search(self, asked: str, k: int, vector: Vectors | None = None) -> Found:
        """The `k` best passages. `vector` stands for the query as asked, so that it need not be embedded again."""
        clock = _Stopwatch()
        stages = self._settings.stages
        with clock.stage("query"):
            query = self._read(asked)
        named: dict[str, float] = {}
        if "narrowing" in stages:
            with clock.stage("narrowing"):
                named = self._names().named(asked) or self._covers().named(asked)
        meaning: _Meaning | None = None
        if "dense" in stages:
            with clock.stage("dense"):
                meaning = self._meaning(query, vector if query.text == asked else None, list(named))
        words: _Words | None = None
        if "lexical" in stages:
            with clock.stage("lexical"):
                words = self._words(query, named)
        with clock.stage("fusion"):
            candidates = list(dict.fromkeys((*(meaning.similar if meaning else ()), *(words.best if words else ()))))
            texts = self._texts_of(candidates) if meaning else {}
            weigh = self._weighing(query, meaning, words, candidates, named)
            hits = _best_first(weigh(id_, texts.get(id_)) for id_ in candidates)
        # The pages of one report are all alike, and only one of them shows the figure.
        if meaning and stages & {"kinship", "subjects"} and len(hits) > 1 and not hits[0].passage.page:
            with clock.stage("kinship" if "kinship" in stages else "subjects"):
                hits = self._with_kin(hits, texts, weigh)
        if self._reranker:
            with clock.stage("rerank"):
                hits = self._reranked(query, hits)
        if "diversity" in stages:
            with clock.stage("diversity"):
                hits = self._diverse(hits, named)
        return Found(hits=_with_nearest(hits, k), query=query, timings_ms=clock.timings)

    def _read(self, asked: str) -> Query:
        stages = self._settings.stages
        text = self._spelling().mended(asked) if "typos" in stages else asked
        also = self._aliases().also(text) if "aliases" in stages else ()
        # Pages of reports are asked for figures by other names than the statements have for them.
        shown = self._statements().shown(text) if "statements" in stages and self._has_pages else ()
        fresh = "freshness" in stages and is_about_now(asked)
        return Query(asked=asked, text=text, also=also, shown=shown, fresh=fresh)

    def _meaning(self, query: Query, given: Vectors | None, slugs: Sequence[str]) -> _Meaning:
        """Best cosine per passage over all its vectors, and over its questions alone; best first."""
        vector = given if given is not None else self._embedder.embed_one(query.text)
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
        if query.shown:
            best = self._with_statements(query, best, slugs)
        return _Meaning(vector, best, questions)

    def _with_statements(self, query: Query, similar: dict[str, float], slugs: Sequence[str]) -> dict[str, float]:
        """Pages may also be like the question together with the lines that show what it asks for."""
        vector = self._embedder.embed_one(f"{query.text} {', '.join(query.shown[:_LINES])}")
        best = dict(similar)
        for _, passage_id, cosine in self._vectors.nearest(vector, self._settings.candidates * 2, slugs):
            passage = self.passages.get(passage_id)
            if passage and passage.page:
                best[passage_id] = max(best.get(passage_id, 0.0), cosine)
        return best

    def _words(self, query: Query, named: Mapping[str, float]) -> _Words:
        """How much of the query's words each passage holds, and which hold most: of all, and of those named."""
        lexicon, count = self._lexicon(), self._settings.candidates
        also = (*query.also, *query.shown)
        scores = lexicon.coverage(query.text, also)
        inside = [passage.id for slug in named for passage in self._documents[slug]]
        best = [*lexicon.best(scores, count), *lexicon.best(scores, count, inside)]
        if "phrasings" not in self._settings.stages:
            return _Words(lambda id_: lexicon.score(scores, id_), best)
        phrasings = self._phrasings()
        phrased = phrasings.coverage(query.text, also)
        share = words_of(
            lambda id_: lexicon.score(scores, id_),
            lambda id_: phrasings.score(phrased, id_) if self.passages[id_].questions else None,
        )
        return _Words(share, [*best, *phrasings.best(phrased, count)])

    def _weighing(
        self,
        query: Query,
        meaning: _Meaning | None,
        words: _Words | None,
        candidates: Iterable[str],
        named: Mapping[str, float],
    ) -> Callable[[str, Vectors | None], Hit]:
        """Makes hits of passages, given their id and the vector of their text."""
        weights = Weights(
            meaning=self._settings.meaning_weight if meaning and words else float(meaning is not None),
            similar=meaning.similar if meaning else {},
            asked=meaning.asked if meaning else {},
            named=named,
            newest=max((self.passages[id_].updated for id_ in candidates), default=date.min) if query.fresh else None,
        )

        def weigh(passage_id: str, text: Vectors | None) -> Hit:
            own = float(text @ meaning.vector) if meaning and words and text is not None else None
            return weights.hit(self.passages[passage_id], own, words.share(passage_id) if words else 0.0)

        return weigh

    def _texts_of(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of the passages' own texts."""
        known = self._texts if len(self._texts) < _REMEMBERED else {}
        known |= self._vectors.get([id_ for id_ in ids if id_ not in known])
        self._texts = known
        return {id_: known[id_] for id_ in ids if id_ in known}

    def _with_kin(
        self, hits: list[Hit], texts: Mapping[str, Vectors], weigh: Callable[[str, Vectors | None], Hit]
    ) -> list[Hit]:
        subjects = self._subjects() if "subjects" in self._settings.stages else None
        beside = {id_ for hit in hits[:LIKELIEST] for id_ in (subjects.beside(hit.passage.id) if subjects else ())}
        missed = self._texts_of([id_ for id_ in sorted(beside - set(texts)) if id_ in self.passages])
        hits = _best_first([*hits, *(weigh(id_, text) for id_, text in missed.items())])
        return _best_first(with_kin(hits, {**texts, **missed}, subjects, kin="kinship" in self._settings.stages))

    def _reranked(self, query: Query, hits: list[Hit]) -> list[Hit]:
        assert self._reranker is not None  # noqa: S101 - asked by the caller
        head = hits[: self._settings.reranked]
        scores = self._reranker.scores(query.text, [hit.passage.embedded_text for hit in head])
        best = [hit.model_copy(update={"score": round(score, 6)}) for hit, score in zip(head, scores, strict=True)]
        return sorted(best, key=lambda hit: -hit.score)

    def _diverse(self, hits: list[Hit], named: Mapping[str, float]) -> list[Hit]:
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


def _with_nearest(hits: Sequence[Hit], k: int) -> list[Hit]:
    """The first `k`; the last of them give way to what is nearest in meaning, and to the phrasing that is nearest.

    Whoever asks whether anything fits at all looks at these, wherever they stand.
    """
    if len(hits) <= k:
        return list(hits)
    nearest = {max(hits, key=lambda hit: hit.similarity).passage.id}
    nearest.add(max(hits, key=lambda hit: hit.question_similarity).passage.id)
    late = [hit for hit in hits[k:] if hit.passage.id in nearest]
    kept = [hit for hit in hits[:k] if hit.passage.id in nearest]
    room = max(k - len(late), len(kept))
    return [*hits[:room], *late][:k] if room else list(hits[:k])


def _best_first(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))


class _Stopwatch:
    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[name] = round((time.perf_counter() - start) * 1000, 3)
