"""Price paths through anchors: a straight way in log prices with seeded swings that vanish at each anchor."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import NormalDist

from market.tape import MarketCapPath, PricePath

TICKS = 4
"""Prices per minute from which a candle's open, high, low and close are taken."""

_SHARED = 0.8
"""Correlation of the swings of an asset with those of the one whose swings it shares."""

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Candle:
    """One minute; `volume` in coins."""

    opens_at: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float


def draws(count: int, random: Random) -> list[float]:
    """Standard normal numbers, from uniform ones only: those are the same on every Python."""
    return [_NORMAL.inv_cdf(min(max(random.random(), 1e-12), 1 - 1e-12)) for _ in range(count)]


def mixed(own: Sequence[float], shared: Sequence[float]) -> list[float]:
    """Draws correlated with `shared`."""
    rest = math.sqrt(1 - _SHARED**2)
    return [_SHARED * theirs + rest * ours for ours, theirs in zip(own, shared, strict=True)]


def price_ticks(path: PricePath, begins: datetime, shocks: Sequence[float]) -> list[float]:
    """USD at every tick from the first anchor to the last; at each anchor's moment exactly its price.

    Between anchors swings follow a mean-reverting walk (Ornstein-Uhlenbeck), less the straight line to where
    it ends. No tick falls below the anchor marked as the low: the walk is reflected there.
    """
    keep = math.exp(-1 / (path.taken_back_minutes * TICKS))
    step = path.swing_per_minute / math.sqrt(TICKS)
    floor = next((math.log(anchor.usd) for anchor in path.anchors if anchor.is_low), -math.inf)
    ticks = [path.anchors[0].usd]
    for left, right in pairwise(path.anchors):
        first, last = _tick(left.at, begins), _tick(right.at, begins)
        count = last - first
        swing, swings = 0.0, []
        for shock in shocks[first:last]:
            swing = swing * keep + step * shock
            swings.append(swing)
        low, rise = math.log(left.usd), math.log(right.usd) - math.log(left.usd)
        for number, moved in enumerate(swings, 1):
            way = number / count
            value = low + rise * way + moved - swings[-1] * way
            ticks.append(math.exp(floor + abs(value - floor) if floor > -math.inf else value))
        ticks[-1] = right.usd
    return ticks


def market_cap_ticks(path: MarketCapPath, begins: datetime, leader: Sequence[float]) -> list[float]:
    """USD at every tick: the leader's shape, bent so that it passes each anchor; before the first and after the
    last anchor it keeps the bend it has there.
    """
    shape = [path.exponent * math.log(price) for price in leader]
    knots = [(_tick(anchor.at, begins), math.log(anchor.usd)) for anchor in path.anchors]
    bends = [(tick, usd - shape[tick]) for tick, usd in knots]
    return [math.exp(value + _between(bends, tick)) for tick, value in enumerate(shape)]


def candles(ticks: Sequence[float], begins: datetime, coins_per_minute: float, random: Random) -> list[Candle]:
    """Minutes whose open is the close before; volume grows with how far the minute moved."""
    rounded = [round(tick, 2) for tick in ticks]
    found = []
    for number, first in enumerate(range(0, len(rounded) - 1, TICKS)):
        inside = rounded[first : first + TICKS + 1]
        moved = (max(inside) - min(inside)) / inside[0]
        volume = coins_per_minute * (0.4 + 0.6 * random.random()) * (1 + 400 * moved)
        found.append(
            Candle(
                opens_at=begins + timedelta(minutes=number),
                open=inside[0],
                high=max(inside),
                low=min(inside),
                close=inside[-1],
                volume=round(volume, 3),
            )
        )
    return found


def _tick(at: datetime, begins: datetime) -> int:
    return round((at - begins).total_seconds() * TICKS / 60)


def _between(knots: Sequence[tuple[int, float]], tick: int) -> float:
    if tick <= knots[0][0]:
        return knots[0][1]
    for (left, low), (right, high) in pairwise(knots):
        if tick <= right:
            return low + (high - low) * (tick - left) / (right - left)
    return knots[-1][1]
