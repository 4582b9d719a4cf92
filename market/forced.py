"""Liquidation events that add up to published totals: more of them where the price falls, a few of them large."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from market.paths import Candle
from market.tape import LiquidationPlan, Tape

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

_SWELL = 220
"""How much more is closed in an hour for each unit of log price moved against it; assumed."""

_SWELL_OF_MINUTE = 1_760
"""The same for the minutes of an hour; assumed."""


@dataclass(frozen=True)
class Event:
    """One position closed. `side` is the position's."""

    at: datetime
    exchange: str
    asset: str
    side: str
    price: float
    quantity: float
    usd: float


class ForcedCloses:
    """Draws the events of one tape. `minutes` holds the candles of the assets that have a path of their own."""

    def __init__(self, tape: Tape, minutes: Mapping[str, Sequence[Candle]], random: Random) -> None:
        self._tape = tape
        self._plan = tape.liquidations
        self._minutes = minutes
        self._bitcoin = minutes["BTC"]
        self._random = random

    def events(self) -> list[Event]:
        """All events in time order."""
        longs = self._plan.long_share.share
        found: list[Event] = []
        for hour, usd in self._hours().items():
            for asset, part in _parts(self._plan).items():
                for side, share in (("long", longs), ("short", 1 - longs)):
                    found += self._of(hour, asset, side, usd * part * share)
        return sorted(found, key=lambda event: (event.at, event.exchange, event.asset, event.side, event.usd))

    def _hours(self) -> Mapping[datetime, float]:
        """USD for each hour. The published hours share the total by how far bitcoin fell in each of them.

        The hours by which the two published windows differ are given the same dollars at both ends, so that
        the total holds for both windows.
        """
        tape, total = self._tape, self._plan.total
        starts = [tape.begins + number * _HOUR for number in range(int((tape.ends - tape.begins) / _HOUR))]
        usd = dict.fromkeys(starts, self._plan.quiet_usd_per_hour)
        length = total.hours * _HOUR
        inside = [start for start in starts if total.until - length <= start < total.until]
        weights = [1 + _SWELL * _fall(self._candles(start)) for start in inside]
        for start, weight in zip(inside, weights, strict=True):
            usd[start] = total.usd * weight / sum(weights)
        start = self._plan.holds_also_at
        while start < total.until:
            usd[start - length] = usd[start]
            start += _HOUR
        return usd

    def _of(self, hour: datetime, asset: str, side: str, usd: float) -> list[Event]:
        against = 1 if side == "long" else -1
        candles = self._candles(hour)
        weights = [1 + _SWELL_OF_MINUTE * max(0.0, against * (1 - c.close / c.open)) for c in candles]
        venues = self._plan.venues
        found = []
        for amount in self._sizes(usd):
            candle = candles[self._drawn(weights)]
            at = candle.opens_at + timedelta(milliseconds=int(self._random.random() * 60_000))
            price = self._price(asset, candle)
            exchange = list(venues)[self._drawn(list(venues.values()))]
            found.append(Event(at, exchange, asset, side, price, float(f"{amount / price:.6g}"), amount))
        return found

    def _sizes(self, usd: float) -> list[float]:
        """Amounts that add up to `usd` to the cent, drawn with a heavy tail (Pareto)."""
        count = max(1, round(usd / self._plan.usd_per_event))
        raw = [(1 - self._random.random()) ** (-1 / self._plan.heaviness) for _ in range(count)]
        scale = usd / sum(raw)
        cents = [max(1, round(100 * scale * size)) for size in raw]
        cents[cents.index(max(cents))] += round(100 * usd) - sum(cents)
        return [amount / 100 for amount in cents]

    def _drawn(self, weights: Sequence[float]) -> int:
        """A place in `weights`, each as likely as its weight says."""
        sums = list(accumulate(weights))
        return min(bisect(sums, self._random.random() * sums[-1]), len(sums) - 1)

    def _price(self, asset: str, bitcoin: Candle) -> float:
        path = self._minutes.get(asset)
        if path is not None:
            return path[self._minute(bitcoin.opens_at)].close
        other = self._plan.other_assets[asset]
        ratio = bitcoin.close / self._bitcoin[0].open
        return float(f"{(other.usd or 0.0) * ratio**other.beta:.6g}")

    def _candles(self, hour: datetime) -> Sequence[Candle]:
        first = self._minute(hour)
        return self._bitcoin[first : first + 60]

    def _minute(self, at: datetime) -> int:
        return int((at - self._tape.begins) / _MINUTE)


def _parts(plan: LiquidationPlan) -> Mapping[str, float]:
    """The part of every dollar that falls on each asset."""
    bitcoin = plan.bitcoin.usd / plan.total.usd if plan.bitcoin else plan.bitcoin_share or 0.0
    whole = sum(other.share for other in plan.other_assets.values())
    return {"BTC": bitcoin} | {asset: (1 - bitcoin) * other.share / whole for asset, other in plan.other_assets.items()}


def _fall(candles: Sequence[Candle]) -> float:
    """The deepest fall from a high to a low that is not before it."""
    peak, fall = 0.0, 0.0
    for candle in candles:
        peak = max(peak, candle.high)
        fall = max(fall, 1 - candle.low / peak)
    return fall
