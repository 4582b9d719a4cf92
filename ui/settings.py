"""Settings of the faces, read from `MARKET_PULSE_UI_*`; where state lives is `MARKET_PULSE_HOME`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class UiSettings(BaseSettings):
    """How the server answers."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_UI_", extra="forbid", frozen=True)

    answer_threads: int = Field(default=4, ge=1)
    """How many answers are worked on at once; more would only share the same two cores."""

    history_turns: int = Field(default=20, ge=0)
    """Longest history a request may carry."""
