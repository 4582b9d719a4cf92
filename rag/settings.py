"""Settings of answering, read from `MARKET_PULSE_RAG_*`; each threshold says what was measured to set it."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class RagSettings(BaseSettings):
    """How sure the chain must be before it says something."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_RAG_", extra="forbid", frozen=True)

    model: Literal["composer"] = "composer"
    """Who writes the draft. The composer needs no language model."""

    question_limit: int = Field(default=2_000, ge=50)
    """Longest question in characters."""

    history_limit: int = Field(default=20, ge=0)
    """How many earlier turns are read."""

    passages: int = Field(default=8, ge=1)
    """How many passages are retrieved for one part of a question."""

    faq_similarity: float = Field(default=0.7, ge=0, le=1)
    """Cosine between the question and a FAQ phrasing from which the curated answer is taken whole."""

    passage_similarity: float = Field(default=0.45, ge=0, le=1)
    """Cosine below which no passage counts as being about the question."""

    topic_similarity: float = Field(default=0.42, ge=0, le=1)
    """Cosine to the nearest passage below which a question is outside the topic, not only unknown."""

    intent_similarity: float = Field(default=0.5, ge=0, le=1)
    """Cosine to the nearest example below which an intent other than explaining is not believed."""

    metric_similarity: float = Field(default=0.62, ge=0, le=1)
    """Cosine to a metric's example question from which its reading is taken."""

    premise_similarity: float = Field(default=0.58, ge=0, le=1)
    """Cosine between a statement of the asker and a known false premise from which the premise is corrected.

    On `eval/labelled/premises.jsonl` it corrects 0.92 of the false statements that set it and 0.64 of those held out,
    and of the right or neutral ones 3 of 59 and 6 of 24. What corrects is written so that it also confirms.
    """

    question_log: bool = True
    """Whether questions asked in the chat and over the API are kept, without who asked, to find gaps."""

    question_log_url: str | None = None
    """SQLAlchemy URL of the database that keeps them; None means `questions.sqlite` in the home folder."""

    question_log_days: int = Field(default=90, ge=1)
    """After how many days a kept question is removed."""
