"""The searchable index: passages and FAQ questions as vectors in Chroma, BM25 beside them, fused by rank."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from filelock import FileLock

from knowledge.chunking import CHUNKER, passages_of
from knowledge.document import Document, Frozen, Passage
from knowledge.embedding import Embedder, Vectors
from knowledge.errors import IndexEmpty, IndexMismatch
from knowledge.fusion import reciprocal_rank_fusion
from knowledge.lexical import Lexicon
from knowledge.settings import KnowledgeSettings

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Progress = Callable[[int, int], None]
"""Told (done, total) vectors while a sync embeds."""

_COLLECTION = "passages"
_BATCH = 256


class Hit(Frozen):
    """A passage found. `score` is the fused rank score in (0, 1]; the others are what each part gave it.

    `similarity` is the best cosine of any of its vectors to the query, `question_similarity` that of its
    FAQ phrasings alone; both comparable across queries. 0.0 means that part did not find it.
    """

    passage: Passage
    score: float
    similarity: float
    question_similarity: float
    bm25: float


class SyncReport(Frozen):
    """What a sync did, counted in vectors, and how many passages the index now holds."""

    embedded: int
    removed: int
    unchanged: int
    passages: int


class _Vector(Frozen):
    """One row of the collection: a passage itself, or one of the questions that ask for it."""

    id: str
    text: str
    passage_id: str
    hash: str
    passage: str | None


class Index:
    """The index in `<home>/index`. One writer at a time (a file lock); readers see what was there when opened."""

    def __init__(self, home: Path, embedder: Embedder, settings: KnowledgeSettings) -> None:
        self._home = home
        self._embedder = embedder
        self._settings = settings
        home.mkdir(parents=True, exist_ok=True)
        self._collection = self._open()
        self._passages: dict[str, Passage] = {}
        self._lexicon = Lexicon([], [])
        self._load()

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    @property
    def fingerprint(self) -> str:
        """Hash over all passages: equal fingerprints mean equal knowledge."""
        lines = sorted(f"{passage.id} {passage.content_hash}" for passage in self._passages.values())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self._passages)

    def passages(self) -> Iterable[Passage]:
        return self._passages.values()

    def passage(self, passage_id: str) -> Passage | None:
        return self._passages.get(passage_id)

    def sync(self, documents: Sequence[Document], progress: Progress | None = None) -> SyncReport:
        """Makes the index hold exactly `documents`: embeds what is new or changed, then removes what is gone.

        Safe to interrupt and to run twice: rows are replaced in whole batches by stable ids, and removal
        comes last.
        """
        wanted = {vector.id: vector for document in documents for vector in self._vectors(document)}
        with FileLock(self._home / "sync.lock"):
            rows = self._collection.get(include=["metadatas"])
            metadatas = cast("list[dict[str, str]]", rows["metadatas"] or [])
            existing = {id_: meta["hash"] for id_, meta in zip(rows["ids"], metadatas, strict=True)}
            missing = [vector for vector in wanted.values() if existing.get(vector.id) != vector.hash]
            done = 0
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]

                def tell(count: int) -> None:
                    nonlocal done
                    done += count
                    if progress:
                        progress(done, len(missing))

                self._upsert(batch, self._embedder.embed([vector.text for vector in batch], tell))
            gone = [id_ for id_ in existing if id_ not in wanted]
            for start in range(0, len(gone), _BATCH):
                self._collection.delete(ids=gone[start : start + _BATCH])
        self._load()
        return SyncReport(
            embedded=len(missing),
            removed=len(gone),
            unchanged=len(wanted) - len(missing),
            passages=len(self._passages),
        )

    def search(self, query: str, k: int = 10, vector: Vectors | None = None) -> list[Hit]:
        """The `k` best passages, best first; `vector` saves embedding a query that already is.

        Raises IndexEmpty if nothing was synced yet.
        """
        if not self._passages:
            raise IndexEmpty(f"the index in {self._home} is empty; run 'market-pulse knowledge sync'")
        dense, questions = self._dense(self._embedder.embed_one(query) if vector is None else vector)
        lexical = dict(self._lexicon.search(query, self._settings.candidates))
        ranked = reciprocal_rank_fusion([list(dense), list(lexical)], k=self._settings.rank_constant)
        hits = [
            Hit(
                passage=self._passages[passage_id],
                score=round(score, 6),
                similarity=dense.get(passage_id, 0.0),
                question_similarity=questions.get(passage_id, 0.0),
                bm25=round(lexical.get(passage_id, 0.0), 4),
            )
            for passage_id, score in ranked
        ]
        return self._diverse(hits)[:k]

    def _dense(self, vector: Vectors) -> tuple[dict[str, float], dict[str, float]]:
        """Best cosine per passage over all its vectors, and over its questions alone; best first."""
        found = self._collection.query(
            query_embeddings=[vector.tolist()],
            n_results=min(self._settings.candidates * 2, self._collection.count()),
            include=["metadatas", "distances"],
        )
        best: dict[str, float] = {}
        questions: dict[str, float] = {}
        metadatas = cast("list[dict[str, str]]", (found["metadatas"] or [[]])[0])
        distances = (found["distances"] or [[]])[0]
        rows = sorted(zip(distances, found["ids"][0], metadatas, strict=True), key=lambda row: (row[0], row[1]))
        for distance, id_, metadata in rows:
            passage_id = metadata["passage_id"]
            if passage_id not in self._passages:
                continue
            similarity = round(1.0 - float(distance), 4)
            best.setdefault(passage_id, similarity)
            if id_ != passage_id:
                questions.setdefault(passage_id, similarity)
        return best, questions

    def _diverse(self, hits: list[Hit]) -> list[Hit]:
        """Caps how many passages one article or event may give; FAQ and glossary entries stand alone anyway."""
        kept: list[Hit] = []
        per_document: dict[str, int] = {}
        for hit in hits:
            if hit.passage.kind in {"article", "event"}:
                per_document[hit.passage.slug] = per_document.get(hit.passage.slug, 0) + 1
                if per_document[hit.passage.slug] > self._settings.passages_per_document:
                    continue
            kept.append(hit)
        return kept

    def _vectors(self, document: Document) -> Iterable[_Vector]:
        for passage in passages_of(document, self._embedder.count_tokens, self._settings.passage_tokens):
            content_hash = passage.content_hash
            yield _Vector(
                id=passage.id,
                text=passage.embedded_text,
                passage_id=passage.id,
                hash=content_hash,
                passage=passage.model_dump_json(),
            )
            for number, question in enumerate(passage.questions):
                question_hash = hashlib.sha256(question.encode()).hexdigest()[:32]
                yield _Vector(
                    id=f"{passage.id}~{number}",
                    text=question,
                    passage_id=passage.id,
                    hash=question_hash,
                    passage=None,
                )

    def _upsert(self, batch: Sequence[_Vector], vectors: Vectors) -> None:
        metadatas: list[dict[str, Any]] = [
            {"passage_id": vector.passage_id, "hash": vector.hash}
            | ({"passage": vector.passage} if vector.passage else {})
            for vector in batch
        ]
        self._collection.upsert(
            ids=[vector.id for vector in batch],
            embeddings=vectors,
            documents=[vector.text for vector in batch],
            metadatas=cast("Any", metadatas),
        )

    def _open(self) -> "Collection":
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(
            path=str(self._home), settings=Settings(anonymized_telemetry=False, allow_reset=False)
        )
        identity = {"embedder": self._embedder.name, "chunker": CHUNKER}
        collection = client.get_or_create_collection(
            _COLLECTION,
            metadata=identity,
            # One thread: several insert in another order each time, and the same shelf would find other passages.
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "num_threads": 1}},
            embedding_function=None,
        )
        found = {key: (collection.metadata or {}).get(key) for key in identity}
        if found != identity:
            raise IndexMismatch(
                f"the index in {self._home} was built with {found}, not {identity}; "
                f"remove that folder and run 'market-pulse knowledge sync'"
            )
        return collection

    def _load(self) -> None:
        rows = self._collection.get(include=["metadatas"])
        stored = cast("list[dict[str, str]]", rows["metadatas"] or [])
        passages = [Passage.model_validate_json(meta["passage"]) for meta in stored if "passage" in meta]
        self._passages = {passage.id: passage for passage in sorted(passages, key=lambda passage: passage.id)}
        self._lexicon = Lexicon(
            list(self._passages),
            [" ".join((p.embedded_text, *p.questions)) for p in self._passages.values()],
        )
