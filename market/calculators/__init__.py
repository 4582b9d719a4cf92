"""Numbers worked out from the user's own inputs, each with its formula and assumptions."""

import math
from collections.abc import Mapping

from market.calculation import Calculation
from market.calculators.account import effective_leverage, funding_payment, margin_ratio
from market.calculators.limits import bankruptcy_price, cross_liquidation_price, move_to_liquidation
from market.calculators.liquidation_price import liquidation_price
from market.calculators.losses import maintenance_margin, recovery_gain, roe, stop_loss
from market.calculators.pnl import pnl
from market.calculators.registry import Calculator
from market.errors import InvalidInput

CALCULATORS: Mapping[str, Calculator] = {
    calculator.name: calculator
    for calculator in (
        liquidation_price,
        pnl,
        effective_leverage,
        margin_ratio,
        funding_payment,
        bankruptcy_price,
        move_to_liquidation,
        cross_liquidation_price,
        roe,
        stop_loss,
        recovery_gain,
        maintenance_margin,
    )
}
"""Every calculator by name."""


def calculate(name: str, inputs: Mapping[str, float | str]) -> Calculation:
    """The calculation `name` with `inputs` under their registered names; rates are fractions, prices USD.

    >>> calculate("effective-leverage", {"notional": 50_000, "equity": 4_000}).value
    12.5

    Raises InvalidInput with the reason if the inputs are unknown, missing, contradictory or impossible.
    """
    if name not in CALCULATORS:
        raise InvalidInput(f"there is no calculator '{name}'; choose one of: {', '.join(CALCULATORS)}")
    calculation = CALCULATORS[name](inputs)
    if not math.isfinite(calculation.value):
        raise InvalidInput(f"the {name} of these inputs is beyond any number; give smaller ones")
    return calculation
