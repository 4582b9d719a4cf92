"""The position a calculation speaks of: side, entry, size and margin, made consistent from what was given."""

from dataclasses import dataclass
from typing import Literal

from market.calculators.registry import Given, Input
from market.errors import InvalidInput
from market.numbers import plain_text, price_text

Side = Literal["long", "short"]
Contract = Literal["linear", "inverse"]

SIDE = Input(name="side", unit="", meaning="long or short", required=True, choices=("long", "short"))
ENTRY = Input(name="entry", unit="USD", meaning="average entry price", required=True, above=0)
LEVERAGE = Input(
    name="leverage", unit="x", meaning="position value at entry / margin", least=1,
    hint="without borrowing it is 1",
)  # fmt: skip
QUANTITY = Input(name="quantity", unit="coins", meaning="size of the position", above=0)
CONTRACT = Input(name="contract", unit="", meaning="settled in USD or in coin", choices=("linear", "inverse"))

POSITION_INPUTS = (
    SIDE,
    ENTRY,
    LEVERAGE,
    Input(name="margin", unit="USD", meaning="margin put up when opening", above=0),
    QUANTITY,
    CONTRACT,
)

_AGREE = 0.005
"""Leverage, margin and size given together may differ by rounding, not by more."""


@dataclass(frozen=True)
class Position:
    """An isolated position. `margin` is in USD at entry; `sign` is +1 for a long and -1 for a short."""

    side: Side
    entry: float
    quantity: float
    margin: float
    contract: Contract
    leverage_given: bool
    assumptions: tuple[str, ...]

    @property
    def sign(self) -> int:
        return 1 if self.side == "long" else -1

    @property
    def leverage(self) -> float:
        return self.entry * self.quantity / self.margin

    def inputs(self) -> dict[str, float | str]:
        """What entered, under the inputs' names."""
        return {
            "side": self.side,
            "entry": self.entry,
            "leverage": self.leverage,
            "margin": self.margin,
            "quantity": self.quantity,
            "contract": self.contract,
        }


def opened(given: Given) -> Position:
    """The position that `given` describes by leverage, or by margin and size, or by all three if they agree."""
    entry = given.needed_number("entry")
    leverage, margin, quantity = given.number("leverage"), given.number("margin"), given.number("quantity")
    assumptions: list[str] = []
    if leverage is None and (margin is None or quantity is None):
        raise InvalidInput("the margin behind the position is not known; give leverage, or margin and quantity")
    if leverage is not None and margin is not None and quantity is not None:
        meant = entry * quantity / margin
        if abs(meant - leverage) > _AGREE * leverage:
            raise InvalidInput(
                f"leverage {plain_text(leverage)}x contradicts margin and quantity: {plain_text(quantity)} coins "
                f"at {price_text(entry)} on {price_text(margin)} USD are {plain_text(round(meant, 4))}x; "
                "leave one of them out"
            )
    if quantity is None:
        if leverage is not None and margin is not None:
            quantity = leverage * margin / entry
        else:
            quantity = 1.0
            assumptions.append("a position of 1 coin, as no size was given (it matters only to margin tiers)")
    leverage_given = leverage is not None and margin is None
    if margin is None:
        margin = entry * quantity / leverage if leverage is not None else 0.0
    if entry * quantity < margin * (1 - _AGREE):
        raise InvalidInput(
            f"the margin of {price_text(margin)} USD exceeds the position's value of "
            f"{price_text(entry * quantity)} USD, which is a leverage below 1; correct margin, quantity or entry"
        )
    contract: Contract = "inverse" if given.word("contract") == "inverse" else "linear"
    side: Side = "short" if given.needed_word("side") == "short" else "long"
    if given.word("contract") is None:
        assumptions.append("a linear contract (margin and profit in USD)")
    assumptions.append("isolated margin")
    return Position(side, entry, quantity, margin, contract, leverage_given, tuple(assumptions))
