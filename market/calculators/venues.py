"""Which venue charges maintenance margin on which value, and which way its margin ratio runs."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, HttpUrl

Convention = Literal["entry", "exit"]

VENUES = (
    "binance", "bybit", "okx", "hyperliquid", "dydx", "bitget", "gate", "phemex", "kucoin", "mexc", "coinex", "coinw",
)  # fmt: skip
"""Every venue in `venues.yaml`, so that the command line can name them without reading it."""


class Venue(BaseModel):
    """One venue's rules, with the page they were read on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    linear: Convention | None
    inverse: Convention | None
    fee: Literal["none", "taker", "liquidation"]
    margin_ratio: Literal["rising", "falling"] | None
    source: str
    source_url: HttpUrl | None
    read: date | None
    grade: Literal["A", "B"]

    def convention(self, contract: str) -> Convention | None:
        return self.inverse if contract == "inverse" else self.linear


@lru_cache(maxsize=1)
def venues() -> Mapping[str, Venue]:
    """Every venue by its lower-case name."""
    import yaml

    raw = yaml.safe_load(Path(__file__).with_name("venues.yaml").read_text("utf-8"))
    return {key: Venue.model_validate(value) for key, value in raw.items()}
