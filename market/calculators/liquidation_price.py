"""The price at which a position is closed by force, under both conventions and for both kinds of contract."""

from dataclasses import dataclass

from market.calculation import Calculation
from market.calculators.formulas import Requirement, inverse, linear
from market.calculators.position import POSITION_INPUTS, Position, opened
from market.calculators.registry import Given, Input, calculator
from market.calculators.venues import VENUES, Convention, venues
from market.errors import InvalidInput
from market.numbers import price_text

_ASSUMED_RATE = 0.005
"""0.5%: the lowest bracket of the largest perpetuals."""


@dataclass(frozen=True)
class _Rule:
    """How maintenance margin is charged; `fee_rate` is what the venue adds to the rate."""

    convention: Convention
    fee_rate: float
    assumptions: tuple[str, ...]


@calculator(
    name="liquidation-price",
    title="Liquidation price",
    description="The mark price at which the venue closes an isolated position by force.",
    sentence=(
        "a {side} opened at {entry} is liquidated at about {value} "
        "if maintenance margin is charged on the value at {convention}"
    ),
    examples=(
        "What is the liquidation price of a 10x long at 100000?",
        "where do I get liquidated if I long BTC at 101k with 20x leverage",
        "liq price for a 5x short from 3400, maintenance 0.5%",
        "I put 500 USD margin on 0.05 BTC at 100,000, when am I liquidated?",
        "how low can bitcoin go before my 25x long is closed",
        "what is my liq price on Binance with 50x",
    ),
    inputs=(
        *POSITION_INPUTS,
        Input(name="mmr", unit="fraction", meaning="maintenance margin rate, 0.005 for 0.5%", least=0, below=1),
        Input(name="maintenance_amount", unit="USD", meaning="deduction of the maintenance bracket", least=0),
        Input(name="fee_rate", unit="fraction", meaning="fee the venue adds to the rate", least=0, below=0.1),
        Input(name="extra_margin", unit="USD", meaning="margin added after opening", least=0),
        Input(name="convention", unit="", meaning="value maintenance is charged on", choices=("entry", "exit")),
        Input(name="venue", unit="", meaning="venue whose convention counts", choices=VENUES),
    ),
)
def liquidation_price(given: Given) -> Calculation:
    """Families A (entry) and B (exit) of the isolated-margin formula, linear and inverse.

    Solves margin + profit = maintenance margin for the price. The inverse forms keep margin in coins; USD
    inputs are turned into coins at the entry price.
    """
    position = opened(given)
    rule = _rule(given, position.contract)
    rate = given.number("mmr")
    required = Requirement(
        convention=rule.convention,
        mmr=_ASSUMED_RATE if rate is None else rate,
        fee_rate=rule.fee_rate,
        deduction=given.number("maintenance_amount") or 0.0,
        extra=given.number("extra_margin") or 0.0,
    )
    _refuse_if_liquidated_at_once(position, required)
    price, formula = (linear if position.contract == "linear" else inverse)(position, required)
    if position.sign * (position.entry - price) <= 0:
        raise _liquidated_at_once(position, "the rate and the fee leave nothing of the margin")

    assumptions = [*position.assumptions, *rule.assumptions]
    if rate is None:
        assumptions.insert(0, f"maintenance margin rate of {_ASSUMED_RATE:.1%}, as none was given")
    in_usd = required.deduction or required.extra or given.number("margin") is not None
    if position.contract == "inverse" and in_usd:
        assumptions.append("USD amounts turned into coins at the entry price")
    inputs: dict[str, float | str] = {
        **position.inputs(),
        "mmr": required.mmr,
        "maintenance_amount": required.deduction,
        "fee_rate": required.fee_rate,
        "extra_margin": required.extra,
        "convention": required.convention,
    }
    venue = given.word("venue")
    if venue is not None:
        inputs["venue"] = venue
    return Calculation(
        calculation="liquidation-price",
        value=price,
        unit="USD",
        formula=f"{formula} = {price_text(price)}",
        inputs=inputs,
        assumptions=assumptions,
    )


def _rule(given: Given, contract: str) -> _Rule:
    convention, venue_name, fee_rate = given.word("convention"), given.word("venue"), given.number("fee_rate")
    assumptions: list[str] = []
    adds_fee = True
    if venue_name is not None:
        venue = venues()[venue_name]
        charged = venue.convention(contract)
        if charged is None:
            raise InvalidInput(
                f"how {venue.name} liquidates {contract} contracts is not known here; "
                "give convention entry or exit instead"
            )
        if convention is not None and convention != charged:
            raise InvalidInput(
                f"{venue.name} charges maintenance margin on the value at {charged}, not {convention}; "
                "leave out the venue or the convention"
            )
        convention, adds_fee = charged, venue.fee != "none"
        assumptions.append(f"{venue.name} charges maintenance margin on the value at {charged} ({venue.source})")
        if adds_fee and charged == "exit" and fee_rate is None:
            assumptions.append(f"{venue.name} adds its {venue.fee} fee to the rate; none was given, so none is added")
    elif convention is None:
        convention = "entry"
        assumptions.append("maintenance margin charged on the value at entry, as no venue was given")
    if convention == "entry" or not adds_fee:
        if fee_rate:
            assumptions.append("the fee rate is left out, as this convention charges no fee inside the price")
        fee_rate = 0.0
    return _Rule("entry" if convention == "entry" else "exit", fee_rate or 0.0, tuple(assumptions))


def _refuse_if_liquidated_at_once(position: Position, required: Requirement) -> None:
    held = position.margin + required.extra
    needed = position.entry * position.quantity * required.mmr - required.deduction
    if needed >= held:
        reason = f"maintenance margin of {price_text(needed)} USD is not below the margin of {price_text(held)} USD"
        raise _liquidated_at_once(position, reason)


def _liquidated_at_once(position: Position, reason: str) -> InvalidInput:
    where = "above" if position.side == "long" else "below"
    return InvalidInput(
        f"this {position.side} would be liquidated at or {where} its entry: {reason}; "
        "use less leverage, more margin or a lower maintenance rate"
    )
