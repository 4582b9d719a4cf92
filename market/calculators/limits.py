"""Where a position's margin ends: bankruptcy price, the move to liquidation, and liquidation in cross margin."""

from dataclasses import replace

from market.calculation import Calculation
from market.calculators.formulas import Requirement, linear
from market.calculators.liquidation_price import ASSUMED_RATE, liquidation_price
from market.calculators.position import ENTRY, POSITION_INPUTS, SIDE, Position, opened
from market.calculators.registry import Given, Input, calculator
from market.errors import InvalidInput
from market.numbers import plain_text, price_text


@calculator(
    name="bankruptcy-price",
    title="Bankruptcy price",
    description="The price at which a position has used up its margin, before fees; liquidation comes earlier.",
    sentence="a {side} opened at {entry} with {leverage} has used up its margin at {value}",
    examples=(
        "what is the bankruptcy price of a 10x long at 100000",
        "bankruptcy price for a 20x short from 3400",
        "at which price is my margin completely gone on a 5x long from 101k",
        "where is the bankruptcy price if I put 500 USD on 0.05 BTC at 100,000",
        "difference between liquidation and bankruptcy price of a 25x long at 95000",
    ),
    inputs=(*POSITION_INPUTS, Input(name="extra_margin", unit="USD", meaning="margin added after opening", least=0)),
)
def bankruptcy_price(given: Given) -> Calculation:
    """Linear: E - M/q for a long. Inverse: Q/(Q/E + M) with the margin in coins."""
    position, extra = opened(given), given.number("extra_margin") or 0.0
    entry, size, sign = position.entry, position.quantity, position.sign
    held = position.margin + extra
    minus, plus = ("-", "+") if sign > 0 else ("+", "-")
    if position.contract == "linear":
        price = entry - sign * held / size
        if price <= 0:
            raise InvalidInput("the margin covers a fall to zero, so there is no bankruptcy price")
        formula = f"E {minus} M/q = {price_text(entry)} {minus} {plain_text(held)}/{plain_text(size)}"
    else:
        backing = size + sign * held / entry
        if backing <= 1e-12 * size:
            raise InvalidInput("this inverse short is covered in coins at any price, so there is no bankruptcy price")
        face, coins = size * entry, held / entry
        price = face / backing
        formula = (
            f"Q/(Q/E {plus} M) = {plain_text(face)}/({plain_text(face)}/{price_text(entry)} {plus} {plain_text(coins)})"
        )
    return Calculation(
        calculation="bankruptcy-price",
        value=price,
        unit="USD",
        formula=f"BP = {formula} = {price_text(price)}",
        inputs={**position.inputs(), "extra_margin": extra},
        assumptions=[*position.assumptions, "fees and funding left out"],
    )


_ANY_ENTRY = 100
_SCALED = frozenset({"price", "margin", "quantity", "maintenance_amount", "extra_margin"})
"""Inputs in dollars or coins: without any of them the move in percent does not depend on the entry."""


@calculator(
    name="move-to-liquidation",
    title="Move to liquidation",
    description="How far the price has to move, as a fraction, until a position is closed by force.",
    sentence="the price has to move {value} from {price} for this {side} to be liquidated",
    examples=(
        "how many percent until my 10x long from 100000 is liquidated",
        "what move liquidates a 20x short opened at 3400",
        "how far can the price fall before a 5x long from 101k is closed",
        "percent move to liquidation at 50x",
        "distance to liquidation of my 25x long at 95000, price is 96000 now",
    ),
    inputs=(
        replace(ENTRY, required=False, meaning="average entry price; not needed with a leverage alone"),
        *(spec for spec in liquidation_price.inputs if spec.name != "entry"),
        Input(name="price", unit="USD", meaning="mark price now; left out: the entry", above=0),
    ),
)
def move_to_liquidation(given: Given) -> Calculation:
    """Liquidation price over the price now, less one: negative for a long, positive for a short."""
    entry = given.number("entry") or _ANY_ENTRY
    dollars = _SCALED.intersection(given.values)
    if given.number("entry") is None and dollars:
        raise InvalidInput(f"move-to-liquidation needs entry (average entry price) beside {', '.join(sorted(dollars))}")
    now = given.number("price") or entry
    known = {name: value for name, value in given.values.items() if name != "price"}
    liquidated = liquidation_price(known | {"entry": entry})
    value = liquidated.value / now - 1
    side = given.needed_word("side")
    if (side == "long") == (value >= 0):
        where = "below" if side == "long" else "above"
        raise InvalidInput(
            f"at {price_text(now)} this {side} is liquidated already: its liquidation price of "
            f"{price_text(liquidated.value)} is not {where} it; check price and entry"
        )
    assumptions = list(liquidated.assumptions)
    if given.number("entry") is None:
        assumptions.append(f"an entry of {_ANY_ENTRY} USD, as none was given: in percent the move is the same from any")
    elif given.number("price") is None:
        assumptions.append("the price stands at the entry, as none was given")
    told = {**liquidated.inputs, "price": now}
    filled = f"{price_text(liquidated.value)}/{price_text(now)} - 1 = {value:.2%}"
    return Calculation(
        calculation="move-to-liquidation",
        value=value,
        unit="fraction",
        formula=f"move = LP/price - 1 = {filled}; {liquidated.formula}",
        inputs={name: value for name, value in told.items() if given.number("entry") or name not in {"entry", "price"}},
        assumptions=assumptions,
    )


@calculator(
    name="cross-liquidation-price",
    title="Liquidation price in cross margin",
    description="The mark price at which an account in cross margin is liquidated, all else staying as it is.",
    sentence="in cross margin a {side} of {quantity} coins from {entry} is liquidated at about {value}",
    examples=(
        "cross margin liquidation price for 0.5 BTC long at 100000 with 8000 in the wallet",
        "where is my cross position liquidated with 5000 balance and 2 ETH long from 3400",
        "liquidation price in cross mode with other positions losing 300",
        "cross liq price short 1 BTC at 95000, wallet 20000",
        "how does my other position's loss move the cross liquidation price",
    ),
    inputs=(
        SIDE,
        ENTRY,
        Input(name="quantity", unit="coins", meaning="size of the position", required=True, above=0),
        Input(name="balance", unit="USD", meaning="wallet balance of the account", required=True, above=0),
        Input(name="other_maintenance", unit="USD", meaning="maintenance margin of the other positions", least=0),
        Input(name="other_pnl", unit="USD", meaning="unrealised profit (or loss, negative) of the other positions"),
        Input(name="mmr", unit="fraction", meaning="maintenance margin rate, 0.005 for 0.5%", least=0, below=1),
        Input(name="maintenance_amount", unit="USD", meaning="deduction of the maintenance bracket", least=0),
        Input(name="fee_rate", unit="fraction", meaning="fee the venue adds to the rate", least=0, below=0.1),
    ),
)
def cross_liquidation_price(given: Given) -> Calculation:
    """Convention B over the whole account: what it holds, less what the other positions need, plus their profit."""
    entry, quantity = given.needed_number("entry"), given.needed_number("quantity")
    other, profit = given.number("other_maintenance") or 0.0, given.number("other_pnl") or 0.0
    rate = given.number("mmr")
    held = given.needed_number("balance") - other + profit
    if held <= 0:
        raise InvalidInput(
            f"the other positions leave {price_text(held)} USD for this one, so the account is liquidated already; "
            "check balance, other_maintenance and other_pnl"
        )
    side = "long" if given.needed_word("side") == "long" else "short"
    position = Position("long" if side == "long" else "short", entry, quantity, held, "linear", False, ())
    required = Requirement(
        convention="exit",
        mmr=ASSUMED_RATE if rate is None else rate,
        fee_rate=given.number("fee_rate") or 0.0,
        deduction=given.number("maintenance_amount") or 0.0,
        extra=0.0,
    )
    price, formula = linear(position, required)
    if position.sign * (entry - price) <= 0:
        raise InvalidInput(
            f"this {side} would be liquidated at once: {price_text(held)} USD do not cover its maintenance margin; "
            "use a smaller position or more balance"
        )
    assumptions = [
        "cross margin: prices of the other positions stay where they are",
        "a linear contract (margin and profit in USD)",
        "maintenance margin charged on the value at the liquidation price",
    ]
    if rate is None:
        assumptions.insert(0, f"maintenance margin rate of {ASSUMED_RATE:.1%}, as none was given")
    return Calculation(
        calculation="cross-liquidation-price",
        value=price,
        unit="USD",
        formula=(
            f"{formula} = {price_text(price)}, with M = balance - other maintenance + other PnL = {plain_text(held)}"
        ),
        inputs={
            "side": side,
            "entry": entry,
            "quantity": quantity,
            "balance": given.needed_number("balance"),
            "other_maintenance": other,
            "other_pnl": profit,
            "mmr": required.mmr,
            "maintenance_amount": required.deduction,
            "fee_rate": required.fee_rate,
        },
        assumptions=assumptions,
    )
