"""Settings of the knowledge room, read from `MARKET_PULSE_KNOWLEDGE_*`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BUNDLED_CONTENT = Path(__file__).parent


class KnowledgeSettings(BaseSettings):
    """Where the bundled shelf stands, which model embeds, and how retrieval weighs its parts."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_KNOWLEDGE_", extra="forbid", frozen=True)

    content: Path = BUNDLED_CONTENT
    """Folder that holds `articles/`, `faq/`, `glossary/` and `events/`."""

    model_path: Path | None = None
    """Folder of another sentence-transformers model; None means the packaged MiniLM with its checksum."""

    passage_tokens: int = Field(default=240, ge=64, le=512)
    """Longest passage in tokens of the embedder, heading path included."""

    candidates: int = Field(default=40, ge=5)
    """How many vectors and how many BM25 hits enter the fusion."""

    rank_constant: int = Field(default=60, ge=1)
    """k of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""

    passages_per_document: int = Field(default=3, ge=1)
    """Diversity: at most so many passages of one article or event among the results."""
