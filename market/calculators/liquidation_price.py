"""The price at which a position is closed by force, under both conventions and for both kinds of contract."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from market.calculation import Calculation
from market.calculators.formulas import Requirement, inverse, linear
from market.calculators.position import POSITION_INPUTS, Position, opened
from market.calculators.registry import Given, Input, calculator
from market.calculators.tiers import TIERS, Tier, refuse_beyond, tier_of, tiers_of
from market.calculators.venues import VENUES, Convention, venues
from market.errors import InvalidInput
from market.numbers import price_text

ASSUMED_RATE = 0.005
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
        TIERS,
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
        mmr=ASSUMED_RATE if rate is None else rate,
        fee_rate=rule.fee_rate,
        deduction=given.number("maintenance_amount") or 0.0,
        extra=given.number("extra_margin") or 0.0,
    )
    table = given.word("tiers")
    if table is not None:
        required = _tiered(given, position, required, tiers_of(table))
    _refuse_if_liquidated_at_once(position, required)
    price, formula = _solved(position, required)
    if position.sign * (position.entry - price) <= 0:
        raise _liquidated_at_once(position, "the rate and the fee leave nothing of the margin")

    assumptions = [*position.assumptions, "the mark price counts, not the last price", *rule.assumptions]
    if table is not None:
        assumptions.insert(0, "the maintenance tiers as given; venues change theirs without notice")
    elif rate is None:
        assumptions.insert(0, f"maintenance margin rate of {ASSUMED_RATE:.1%}, as none was given")
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
    inputs |= {name: word for name in ("venue", "tiers") if (word := given.word(name)) is not None}
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


def _solved(position: Position, required: Requirement) -> tuple[float, str]:
    return (linear if position.contract == "linear" else inverse)(position, required)


def _tiered(given: Given, position: Position, required: Requirement, tiers: Sequence[Tier]) -> Requirement:
    """`required` with rate and deduction of the tier that counts: of the value at entry, or at liquidation.

    The margin required does not jump between tiers, so exactly one of them holds its own liquidation price.
    """
    if given.number("mmr") is not None or given.number("maintenance_amount") is not None:
        raise InvalidInput("tiers bring rate and deduction themselves; leave out mmr and maintenance_amount")
    if position.contract == "inverse":
        raise InvalidInput("tiers are read in USD, for linear contracts; give mmr and maintenance_amount instead")
    at_entry = tier_of(tiers, position.entry * position.quantity)
    refuse_beyond(at_entry, position.leverage)
    if required.convention == "exit":
        for tier in tiers:
            tried = replace(required, mmr=tier.rate, deduction=tier.deduction)
            price, _ = _solved(position, tried)
            if tier.holds(price * position.quantity):
                return tried
    return replace(required, mmr=at_entry.rate, deduction=at_entry.deduction)


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
