"""Settings of answering, read from `MARKET_PULSE_RAG_*`; each threshold says what was measured to set it."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

COMPOSER = "composer"
"""The model setting under which no language model takes part."""


class RagSettings(BaseSettings):
    """How sure the chain must be before it says something."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_RAG_", extra="forbid", frozen=True)

    model: str = COMPOSER
    """Who writes the draft: `composer`, which needs no language model, a LangChain string such as
    `anthropic:claude-sonnet-4-5` or `ollama:llama3.2`, or the URL of an OpenAI-compatible server."""

    model_name: str | None = None
    """Which model to ask for at a URL."""

    model_api_key: SecretStr | None = None
    """The key for the model; None leaves it to the provider's own variable, or sends none to a URL."""

    model_timeout_seconds: float = Field(default=30, gt=0)
    """How long a model may take for one answer before the composer's is given."""

    model_attempts: int = Field(default=3, ge=1)
    """How often a model that fails before its first word is asked."""

    model_tokens: int = Field(default=400, ge=16)
    """Longest text a model at a URL may write for one answer."""

    model_evidence: int = Field(default=6, ge=1)
    """How many pieces of evidence a model is shown."""

    model_tools: bool = False
    """Whether the model may ask for metrics and calculators; it must be one that calls tools."""

    question_limit: int = Field(default=2_000, ge=50)
    """Longest question in characters."""

    history_limit: int = Field(default=20, ge=0)
    """How many earlier turns are read."""

    passages: int = Field(default=8, ge=1)
    """How many passages are retrieved for one part of a question."""

    metric_similarity: float = Field(default=0.54, ge=0, le=1)
    """Cosine to a metric's example question from which its reading is taken, where market data are asked for."""

    calculation_probability: float = Field(default=0.3, ge=0, le=1)
    """How likely a message must want a calculation for one whose inputs are complete to be made."""

    log_stages: bool = False
    """Whether each stage of an answer writes a line of JSON to standard error; never what was asked."""

    traces: str | None = None
    """The OpenTelemetry exporter that gets a span for each stage: `console`, `otlp`, or `none`; None leaves it to the
    standard OTEL_* variables."""

    question_log: bool = True
    """Whether questions asked in the chat and over the API are kept, without who asked, to find gaps."""

    question_log_url: str | None = None
    """SQLAlchemy URL of the database that keeps them; None means `questions.sqlite` in the home folder."""

    question_log_days: int = Field(default=90, ge=1)
    """After how many days a kept question is removed."""
