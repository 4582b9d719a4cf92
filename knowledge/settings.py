"""Settings of the knowledge room, read from `MARKET_PULSE_KNOWLEDGE_*`."""

from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import DirectoryPath, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.embedding import Precision

Stage = Literal[
    "dense", "lexical", "phrasings", "typos", "aliases", "statements", "narrowing", "freshness", "kinship", "subjects",
    "diversity",
]  # fmt: skip
ALL_STAGES: frozenset[Stage] = frozenset(get_args(Stage))
BUNDLED_CONTENT = Path(__file__).parent


class KnowledgeSettings(BaseSettings):
    """Where the bundled shelf stands, which model embeds, and how retrieval weighs its parts."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_KNOWLEDGE_", extra="forbid", frozen=True)

    content: DirectoryPath = BUNDLED_CONTENT
    """Folder that holds `articles/`, `faq/`, `glossary/` and `events/`."""

    model_path: Path | None = None
    """Folder of another sentence-transformers model; None means the packaged MiniLM with its checksum."""

    precision: Precision = "auto"
    """In what documents are embedded: `float32`, `bfloat16`, or what is fast here at the same quality."""

    embeddings_url: str | None = Field(default=None, pattern=r"^https?://")
    """Base URL of a server that speaks OpenAI's embeddings API: `http://127.0.0.1:11434/v1`; None means a local model.

    With it, `embeddings_model` and `embeddings_dimension` must be given.
    """

    embeddings_model: str | None = None
    embeddings_key: SecretStr = SecretStr("")
    embeddings_dimension: int | None = Field(default=None, ge=2)
    embeddings_seconds: float = Field(default=30.0, gt=0)
    """Longest that one request for 64 embeddings may take."""

    watch: tuple[Path, ...] = ()
    """Folders that every sync looks into, besides what was added: `'["/srv/articles"]'`."""

    watch_seconds: float = Field(default=10.0, gt=0)
    """How often a running server looks into the watched folders, and whether another process has synced the index."""

    trusted_hosts: tuple[str, ...] = ()
    """Hosts of one's own network that pages may be fetched from: `'["wiki.example:8080"]'`."""

    fetch_bytes: int = Field(default=25_000_000, ge=1_000)
    """Largest page or PDF that is fetched."""

    fetch_seconds: float = Field(default=30.0, gt=0)
    """Longest that one fetch may take, its redirects included."""

    passage_tokens: int = Field(default=240, ge=64, le=512)
    """Longest passage in tokens of the embedder, heading path included."""

    candidates: int = Field(default=40, ge=5)
    """How many vectors and how many BM25 hits enter the fusion."""

    stages: frozenset[Stage] = ALL_STAGES
    """What retrieval does; leave one out to see what it adds: `'["dense", "lexical"]'`."""

    meaning_weight: float = Field(default=0.4, ge=0, le=1)
    """Share of the vectors' likeness in a score; the rest is the likeness in words."""

    reranker_path: Path | None = None
    """Folder of a cross-encoder that reads the best hits again; None means none."""

    reranked: int = Field(default=30, ge=1)
    """How many hits the cross-encoder reads."""

    passages_per_document: int = Field(default=3, ge=1)
    """Diversity: at most so many passages of one article or event among the results."""

    passages_per_page: int = Field(default=1, ge=1)
    """As above, for the pages of a PDF: the others of a page are its neighbours."""

    @model_validator(mode="after")
    def _one_whole_embedder(self) -> Self:
        if self.embeddings_url and not (self.embeddings_model and self.embeddings_dimension):
            raise ValueError("EMBEDDINGS_URL needs EMBEDDINGS_MODEL and EMBEDDINGS_DIMENSION beside it")
        if self.embeddings_url and self.model_path:
            raise ValueError("EMBEDDINGS_URL and MODEL_PATH name two embedders; unset one")
        return self
