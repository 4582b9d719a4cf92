"""What is pulled: one feed for each table and asset, how far back its first pull reaches, and what came of a pull."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from market.durations import age_text
from market.feeds.venues import Contract
from market.tables import Kind

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

REACH: Mapping[timedelta, timedelta] = {MINUTE: timedelta(days=2), DAY: timedelta(days=365 * 9)}
"""How far back the first pull of candles goes: minutes for what happens now, days for highs and long falls."""

FUNDING_REACH = timedelta(days=14)
OPEN_INTEREST_REACH = timedelta(days=2)


@dataclass(frozen=True)
class Feed:
    """`contract` and `asset` are None for feeds of the whole market."""

    name: str
    kind: Kind
    asset: str | None = None
    contract: Contract | None = None


class FeedReport(BaseModel):
    """What one pull of a feed did: rows written from `source`, or the `error` for which there are none.

    `newest` is when the newest live row of the feed became known, whoever gave it.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    source: str | None
    new: int
    changed: int
    newest: datetime | None
    error: str | None

    def told(self, now: datetime) -> str:
        """One line for people."""
        age = f"the newest row is {age_text(now - self.newest)} old" if self.newest else "no row was ever pulled"
        if self.error is not None:
            return f"{self.name:<25} failed: {self.error}; {age}"
        changed = f", {self.changed:,} updated" if self.changed else ""
        return f"{self.name:<25} {self.new:,} new rows{changed} from {self.source}; {age}"


def feeds_of(assets: Sequence[str]) -> list[Feed]:
    """Every feed of `assets`, and those of the whole market."""
    feeds = []
    for asset in assets:
        feeds += [
            Feed(f"spot candles {asset}", "candles", asset, "spot"),
            Feed(f"perpetual candles {asset}", "candles", asset, "perpetual"),
            Feed(f"funding {asset}", "funding", asset, "perpetual"),
            Feed(f"open interest {asset}", "open_interest", asset, "perpetual"),
        ]
    return [*feeds, Feed("fear & greed", "sentiment"), Feed("market cap", "market_cap")]
