"""The vectors, in a Chroma collection on disk; what they stand for is the catalog's to know."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from knowledge.embedding import Vectors
from knowledge.identity import Identity
from knowledge.rows import Row, passage_of

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_BATCH = 1000


class VectorStore:
    """Opened when first used, so that a process that waits for another's sync sees what that one wrote."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        self._folder = folder
        self._identity = identity

    @cached_property
    def _client(self) -> "Client":
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False, allow_reset=False)
        return cast("Client", chromadb.PersistentClient(path=str(self._folder), settings=settings))

    @cached_property
    def _collection(self) -> "Collection":
        return self._client.get_or_create_collection(
            _COLLECTION,
            metadata=self._identity.model_dump(),
            # One thread: several insert in another order each time, and the same shelf would find other passages.
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "num_threads": 1}},
            embedding_function=None,
        )

    def close(self) -> None:
        """Lets go of files and memory; a client that stays open past another process's sync reads amiss."""
        if "_client" in self.__dict__:
            self._client.close()
            del self._client
            self.__dict__.pop("_collection", None)

    def count(self) -> int:
        return self._collection.count()

    def ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def put(self, rows: Sequence[Row], vectors: Vectors) -> None:
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            self._collection.upsert(
                ids=[row.id for row in batch],
                embeddings=vectors[start : start + _BATCH],
                metadatas=[{"slug": row.slug} for row in batch],
            )

    def get(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of rows that are there."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(ids), _BATCH):
            rows = self._collection.get(ids=list(ids[start : start + _BATCH]), include=["embeddings"])
            embeddings = rows["embeddings"] if rows["embeddings"] is not None else []
            found |= {
                id_: np.asarray(vector, dtype=np.float32) for id_, vector in zip(rows["ids"], embeddings, strict=True)
            }
        return found

    def delete(self, ids: Iterable[str]) -> None:
        gone = list(ids)
        for start in range(0, len(gone), _BATCH):
            self._collection.delete(ids=gone[start : start + _BATCH])

    def nearest(self, vector: Vectors, k: int, slugs: Sequence[str] = ()) -> list[tuple[str, str, float]]:
        """Up to `k` (row id, passage id, cosine), best first; of these documents only, if any are named."""
        found = self._collection.query(
            query_embeddings=vector,
            n_results=k,
            where=cast("Any", {"slug": {"$in": list(slugs)}} if slugs else None),
            # The ids say it all; fetching what is stored with them takes twice as long as finding them.
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        rows = [
            (id_, passage_of(id_), round(1.0 - float(distance), 4))
            for id_, distance in zip(found["ids"][0], distances, strict=True)
        ]
        return sorted(rows, key=lambda row: (-row[2], row[0]))
