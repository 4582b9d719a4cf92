"""Maintenance tiers: larger positions owe a higher rate, each slice its own, which a deduction makes one formula."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from market.calculators.registry import Input
from market.errors import InvalidInput
from market.numbers import plain_text

_SHAPE = "write them as up to:rate or up to:rate:max leverage, such as 50000:0.004:125,250000:0.005:100,inf:0.01:50"

TIERS = Input(
    name="tiers", unit="", text=True,
    meaning="maintenance tiers of the contract, each as 'up to USD:rate[:max leverage]', the last up to inf",
)  # fmt: skip


@dataclass(frozen=True)
class Tier:
    """Values above `floor` up to `ceiling` USD: maintenance margin is value*rate - deduction."""

    floor: float
    ceiling: float
    rate: float
    deduction: float
    max_leverage: float | None

    def holds(self, value: float) -> bool:
        """Whether a position worth `value` USD belongs to it, give or take rounding at its edges."""
        slack = 1e-9 * value
        return self.floor - slack <= value <= self.ceiling + slack

    def told(self) -> str:
        return (
            f"the tier above {plain_text(self.floor)} USD: rate {plain_text(self.rate)}, "
            f"deduction {plain_text(round(self.deduction, 8))} USD"
        )


def tiers_of(text: str) -> Sequence[Tier]:
    """Reads a table of tiers.

    >>> [(tier.floor, tier.rate, tier.deduction) for tier in tiers_of("50000:0.004,250000:0.005,inf:0.01")]
    [(0.0, 0.004, 0.0), (50000.0, 0.005, 50.0), (250000.0, 0.01, 1300.0)]

    Each deduction is the floor times the step of the rate, added to the deduction before, so that the margin
    does not jump between tiers. Raises InvalidInput.
    """
    found: list[Tier] = []
    for part in text.split(","):
        ceiling, rate, leverage = _cells(part)
        floor, before, carried = (found[-1].ceiling, found[-1].rate, found[-1].deduction) if found else (0.0, rate, 0.0)
        if not floor < ceiling or not before <= rate < 1 or rate <= 0:
            raise InvalidInput(f"tiers: '{part.strip()}' does not follow what stands before it; limits and rates rise")
        if leverage is not None and leverage < 1:
            raise InvalidInput(f"tiers: '{part.strip()}' allows a leverage below 1; {_SHAPE}")
        found.append(Tier(floor, ceiling, rate, floor * (rate - before) + carried, leverage))
    return found


def tier_of(tiers: Sequence[Tier], value: float) -> Tier:
    """The tier of a position worth `value` USD. Raises InvalidInput if it is larger than the table allows."""
    for tier in tiers:
        if value <= tier.ceiling:
            return tier
    raise InvalidInput(
        f"a position of {plain_text(value)} USD is larger than the tiers allow, up to {plain_text(tiers[-1].ceiling)}; "
        "make it smaller or give the table's last tier as inf"
    )


def refuse_beyond(tier: Tier, leverage: float) -> None:
    """Raises InvalidInput if the tier does not allow `leverage`."""
    if tier.max_leverage is not None and leverage > tier.max_leverage * (1 + 1e-9):
        raise InvalidInput(
            f"{plain_text(round(leverage, 4))}x is more than the {plain_text(tier.max_leverage)}x that the tier above "
            f"{plain_text(tier.floor)} USD allows; use less leverage or a smaller position"
        )


def _cells(part: str) -> tuple[float, float, float | None]:
    cells = part.split(":")
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError:
        numbers = []
    if len(numbers) not in {2, 3} or any(math.isnan(number) for number in numbers):
        raise InvalidInput(f"tiers: '{part.strip()}' is not a tier; {_SHAPE}")
    return numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else None
