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

    watch: tuple[Path, ...] = ()
    """Folders that every sync looks into, besides what was added: `'["/srv/articles"]'`."""

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

    rank_constant: int = Field(default=60, ge=1)
    """k of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""

    passages_per_document: int = Field(default=3, ge=1)
    """Diversity: at most so many passages of one article or event among the results."""
