"""Settings of the market room, read from `MARKET_PULSE_MARKET_*`."""

from datetime import timedelta

from pydantic import AwareDatetime, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class MarketSettings(BaseSettings):
    """How old data may be, and where the clock stands while the reconstruction is replayed."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_MARKET_", extra="forbid", frozen=True)

    store_url: str | None = None
    """A PostgreSQL server for the market store, as postgresql://user@host/database; None: a DuckDB file in the home."""

    replay_at: AwareDatetime | None = None
    """Moment at which the reconstruction is replayed; None means the moment its tape names."""

    stale_after: timedelta = timedelta(hours=2)
    """Age of the newest row from which data are called stale, and live data no longer move the clock."""

    usable_for: timedelta = timedelta(hours=24)
    """A reading stands on rows no older than this plus one interval of the series; older ones give no data."""

    default_window: timedelta = Field(default=timedelta(hours=24), gt=timedelta(0))
    """Window of a windowed metric that names none of its own."""
