"""Turns text into unit vectors by asking a server that speaks OpenAI's embeddings API, where one is configured."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from knowledge.embedding import Embedder, Vectors
from knowledge.errors import ModelUnusable

if TYPE_CHECKING:
    from openai import OpenAI

_BATCH = 64
_RETRIES = 3
"""After a refused connection, a timeout, 408, 409, 429 or 5xx; the client waits longer each time."""


class EndpointEmbedder(Embedder):
    """A model behind `url` (".../v1"). Lengths and words are taken from the packaged model's tokenizer.

    The host stands in the revision: what another server calls by the same name may be another model.
    """

    def __init__(self, url: str, model: str, key: str, dimension: int, seconds: float) -> None:
        super().__init__(Embedder.packaged().folder, model)
        self._url = url
        self._key = key
        self._size = dimension
        self._seconds = seconds

    @property
    def dimension(self) -> int:
        return self._size

    @property
    def revision(self) -> str:
        return urlsplit(self._url).netloc

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """As the packaged model does. Raises ModelUnusable if the server does not answer, or not with such vectors."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            vectors[start : start + len(batch)] = self._asked(batch)
            if progress:
                progress(len(batch))
        return vectors

    def _asked(self, texts: Sequence[str]) -> Vectors:
        from openai import APIStatusError, OpenAIError

        try:
            reply = self._client.embeddings.create(model=self.name, input=list(texts), encoding_format="float")
        except APIStatusError as error:
            reason = f"answered {error.status_code} for the model '{self.name}'"
            remedy = "check MARKET_PULSE_KNOWLEDGE_EMBEDDINGS_MODEL and _KEY"
            raise ModelUnusable(f"the embeddings endpoint {self._url} {reason}; {remedy}") from error
        except OpenAIError as error:
            remedy = "start it, or correct or unset MARKET_PULSE_KNOWLEDGE_EMBEDDINGS_URL"
            raise ModelUnusable(f"the embeddings endpoint {self._url} did not answer ({error}); {remedy}") from error
        rows = sorted(reply.data, key=lambda row: row.index)
        sizes = {len(row.embedding) for row in rows}
        if len(rows) != len(texts) or sizes != {self.dimension}:
            got = f"{len(rows)} vectors of {', '.join(map(str, sorted(sizes))) or 'no'} dimensions"
            remedy = "correct MARKET_PULSE_KNOWLEDGE_EMBEDDINGS_DIMENSION"
            wanted = f"{len(texts)} of {self.dimension}"
            raise ModelUnusable(f"the embeddings endpoint {self._url} gave {got}, not {wanted}; {remedy}")
        vectors = np.array([row.embedding for row in rows], dtype=np.float32)
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit

    @cached_property
    def _client(self) -> "OpenAI":
        from openai import OpenAI

        return OpenAI(base_url=self._url, api_key=self._key or "none", timeout=self._seconds, max_retries=_RETRIES)
