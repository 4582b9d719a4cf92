"""A reconstruction tape: the published prices and totals a generated market passes through, each with its source."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl

from market.tables import Kind

TAPES = Path(__file__).parent / "tapes"
TAPE = TAPES / "2025-11-04.yaml"
"""The tape that is replayed where no other data are there."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(_Part):
    """Where a published value was read. `source_date` None: the value was read from an undated archive."""

    source: str
    source_url: HttpUrl
    source_date: date | None
    grade: Literal["A", "B", "C"]


class Anchor(Sourced):
    """A price, or a market value, in USD at a moment. `is_low`: no price of the tape lies below it."""

    at: AwareDatetime
    usd: float = Field(gt=0)
    is_low: bool = False


class DayCandle(Sourced):
    """One published daily candle outside the minutes, for the highest price there was."""

    day: date
    open: float
    high: float
    low: float
    close: float
    volume: float


class PricePath(_Part):
    """One asset's minutes. `swing_per_minute` is the standard deviation of a minute's log return around the way
    between anchors; swings are taken back over `taken_back_minutes`.
    """

    asset: str
    symbol: str
    swing_per_minute: float = Field(gt=0, lt=0.01)
    taken_back_minutes: float = Field(gt=0)
    coins_per_minute: float = Field(gt=0)
    shares_swings_of: str | None = None
    anchors: tuple[Anchor, ...] = Field(min_length=2)
    days: tuple[DayCandle, ...] = ()


class MarketCapPath(_Part):
    """The total market value: the path of asset `follows` to the power `exponent`, bent through the anchors."""

    follows: str
    exponent: float
    anchors: tuple[Anchor, ...] = Field(min_length=2)


class PublishedTotal(Sourced):
    """USD liquidated in the `hours` until a moment."""

    usd: float = Field(gt=0)
    hours: int = Field(gt=0)
    until: AwareDatetime


class PublishedShare(Sourced):
    """A share published beside a total."""

    share: float = Field(gt=0, lt=1)


class OtherAsset(_Part):
    """An asset beside bitcoin: its `share` of what is not bitcoin, and its price at the tape's beginning, which
    then moves with bitcoin's to the power `beta`. A price of None: the tape has the asset's own path.
    """

    share: float = Field(gt=0, lt=1)
    usd: float | None
    beta: float


class LiquidationPlan(_Part):
    """Published totals, and what is assumed about how they fall on assets, venues, hours and single events."""

    total: PublishedTotal
    bitcoin: PublishedTotal | None
    bitcoin_share: float | None = None
    """Bitcoin's assumed part of the total, where none was published."""
    long_share: PublishedShare
    holds_also_at: AwareDatetime
    other_assets: dict[str, OtherAsset]
    venues: dict[str, float]
    quiet_usd_per_hour: float
    usd_per_event: float
    heaviness: float


class IndexDay(Sourced):
    """The Fear & Greed index of a day."""

    day: date
    value: float = Field(ge=0, le=100)
    classification: str


class FundingRate(Sourced):
    """One published settlement of a perpetual: the rate as a fraction, and the mark price it was paid on."""

    at: AwareDatetime
    symbol: str
    rate: float = Field(gt=-0.1, lt=0.1)
    mark_price: float = Field(gt=0)


class Tape(_Part):
    """Everything the generator needs; the same tape gives the same rows every time."""

    name: str
    seed: int
    begins: AwareDatetime
    ends: AwareDatetime
    replay_at: AwareDatetime
    sources: dict[str, Sourced]
    prices: tuple[PricePath, ...]
    market_cap: MarketCapPath | None
    liquidations: LiquidationPlan
    sentiment: tuple[IndexDay, ...]
    funding: tuple[FundingRate, ...] = ()
    notes: dict[Kind, str]


def bundled_tapes() -> tuple[Tape, ...]:
    """Every tape of the package, by date."""
    return tuple(load_tape(path) for path in sorted(TAPES.glob("*.yaml")))


@lru_cache(maxsize=8)
def load_tape(path: Path = TAPE) -> Tape:
    """The tape at `path`, by default the one that is replayed."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Tape.model_validate(yaml.load(path.read_text("utf-8"), Loader=loader))  # noqa: S506 - both loaders are safe
