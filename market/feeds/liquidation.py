"""What a venue's liquidation message means: whose position was closed, at what price, how many coins, worth how much.

Venues disagree. Binance tells the side of the forced order, so SELL closed a long; Bybit tells the side of the
position, so Buy closed a long; OKX tells both, and sizes in contracts. An inverse contract is sized in dollars, and
some contracts are of a thousand coins or more, which their symbol says.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from market.errors import InvalidInput, MalformedMessage
from market.feeds.venues import TRAITS, Venue
from market.symbols import base_asset

Side = Literal["long", "short"]

_BUNDLE = re.compile(r"(10{3,}|1M)(?=[A-Z])")


@dataclass(frozen=True)
class Instrument:
    """A venue's contract. One unit of its size is `unit` of what it is sized in: coins, or dollars if `inverse`.

    Its price is that of `bundle` coins.
    """

    symbol: str
    asset: str
    unit: float
    inverse: bool = False
    bundle: int = 1


@dataclass(frozen=True)
class Liquidation:
    """One position closed by force. `side` is the position's; `price` is of one coin, `quantity` is in coins."""

    at: datetime
    received: datetime
    exchange: str
    symbol: str
    asset: str
    side: Side
    price: float
    quantity: float
    usd: float


def instrument_of(market: Mapping[str, object]) -> Instrument | None:
    """The instrument of a ccxt market; None for what is no contract or not priced in dollars."""
    if not market.get("contract"):
        return None
    try:
        named = base_asset(str(market["symbol"]))
    except InvalidInput:
        return None
    bundled = _BUNDLE.match(named)
    count = bundled[0].replace("M", "000000") if bundled else "1"
    # ccxt says 1 for Binance's and Bybit's linear contracts, sized in coins; OKX's hold a part of a coin.
    size = market.get("contractSize")
    return Instrument(
        symbol=str(market["id"]),
        asset=named[len(bundled[0]) :] if bundled else named,
        unit=float(str(size)) if size else 1.0,
        inverse=bool(market.get("inverse")),
        bundle=int(count),
    )


def liquidations_of(
    venue: Venue, message: Mapping[str, object], instrument: Instrument, received: datetime
) -> Sequence[Liquidation]:
    """The liquidations of one raw message of `venue` about `instrument`. Raises MalformedMessage."""
    return [
        _liquidation(venue, instrument, side, _number(price, "price"), _number(size, "size"), _moment(at), received)
        for side, price, size, at in _READERS[venue](message)
    ]


_Cells = tuple[Side, object, object, object]


def _binance(message: Mapping[str, object]) -> list[_Cells]:
    # ap and z: average price and size of all that was filled, which is what was closed.
    side = _side(message.get("S"), {"SELL": "long", "BUY": "short"})
    return [(side, message.get("ap"), message.get("z"), message.get("T"))]


def _bybit(message: Mapping[str, object]) -> list[_Cells]:
    # The price is the bankruptcy price. The keys are long in the topic that Bybit replaced in 2025.
    side = _side(message.get("S", message.get("side")), {"Buy": "long", "Sell": "short"})
    price, at = message.get("p", message.get("price")), message.get("T", message.get("updatedTime"))
    return [(side, price, message.get("v", message.get("size")), at)]


def _okx(message: Mapping[str, object]) -> list[_Cells]:
    details = message.get("details")
    if not isinstance(details, list) or not details:
        raise MalformedMessage(f"a liquidation of OKX without details: {message!r:.120}")
    found: list[_Cells] = []
    for one in details:
        if not isinstance(one, Mapping):
            raise MalformedMessage(f"a liquidation of OKX whose detail is {one!r:.120}")
        held = one.get("posSide")
        side = (
            # In net mode posSide does not say which side the position was; the order that closed it does.
            _side(one.get("side"), {"sell": "long", "buy": "short"})
            if held in {None, "", "net"}
            else _side(held, {"long": "long", "short": "short"})
        )
        found.append((side, one.get("bkPx"), one.get("sz"), one.get("ts")))
    return found


_READERS: Mapping[Venue, Callable[[Mapping[str, object]], list[_Cells]]] = {
    "binance": _binance,
    "bybit": _bybit,
    "okx": _okx,
}


def _liquidation(
    venue: Venue, instrument: Instrument, side: Side, price: float, size: float, at: datetime, received: datetime
) -> Liquidation:
    amount = size * instrument.unit
    quantity, usd = (amount / price, amount) if instrument.inverse else (amount, amount * price)
    return Liquidation(
        at=at,
        received=received,
        exchange=TRAITS[venue].name,
        symbol=instrument.symbol,
        asset=instrument.asset,
        side=side,
        price=float(f"{price / instrument.bundle:.12g}"),
        # Rounded, so that the same liquidation is the same row however its quantity was worked out.
        quantity=float(f"{quantity * instrument.bundle:.12g}"),
        usd=round(usd, 2),
    )


def _side(told: object, sides: Mapping[str, Side]) -> Side:
    found = sides.get(str(told))
    if found is None:
        raise MalformedMessage(f"a liquidation whose side is {told!r}, not one of {', '.join(sides)}")
    return found


def _moment(cell: object) -> datetime:
    milliseconds = _number(cell, "time")
    try:
        return datetime.fromtimestamp(milliseconds / 1_000, UTC)
    except (OverflowError, ValueError, OSError):
        raise MalformedMessage(f"a liquidation at {milliseconds:g}, which is no moment") from None


def _number(cell: object, what: str) -> float:
    try:
        number = float(str(cell))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise MalformedMessage(f"a liquidation whose {what} is {cell!r}, not a number above zero")
    return number
