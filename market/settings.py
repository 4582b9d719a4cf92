"""Settings of the market room, read from `MARKET_PULSE_MARKET_*`."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict

from market.feeds.venues import Venue
from market.moments import Moment


class MarketSettings(BaseSettings):
    """Which live data are pulled, how old data may be, and where the clock stands during a replay."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_MARKET_", extra="forbid", frozen=True)

    store_url: str | None = None
    """A PostgreSQL server for the market store, as postgresql://user@host/database; None: a DuckDB file in the home."""

    replay_at: Moment | None = None
    """Moment at which the reconstruction is replayed; None means the moment its tape names."""

    stale_after: timedelta = timedelta(hours=2)
    """Age of the newest row from which data are called stale, and live data no longer move the clock."""

    usable_for: timedelta = timedelta(hours=24)
    """A reading stands on rows no older than this plus one interval of the series; older ones give no data."""

    default_window: timedelta = Field(default=timedelta(hours=24), gt=timedelta(0))
    """Window of a windowed metric that names none of its own."""

    compact_after: timedelta | None = Field(default=None, ge=timedelta(days=1))
    """Candles finer than an hour that are older become hourly ones in `serve` or with `market compact`; None: never."""

    live: bool = True
    """Whether venues may be asked for live data at all; `serve --offline` forbids it for one run."""

    venues: tuple[Venue, ...] = Field(default=("binance", "bybit", "okx"), min_length=1)
    """The order in which venues are asked for candles, funding and open interest; liquidations stream from each."""

    assets: tuple[Annotated[str, Field(pattern=r"^[A-Z0-9]{1,15}$")], ...] = Field(
        default=("BTC", "ETH", "SOL"), min_length=1
    )
    """Base symbols that live data are pulled of."""

    pull_every: timedelta = Field(default=timedelta(minutes=1), gt=timedelta(0))
    """How long `serve` rests between two pulls."""

    gateway: HttpUrl | None = None
    """A server through which every venue is reached, as GATEWAY/HOST/PATH; None: each at its own address."""
