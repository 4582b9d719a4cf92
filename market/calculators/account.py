"""What stands behind a position right now: effective leverage, margin ratio and the next funding payment."""

from market.calculation import Calculation
from market.calculators.position import SIDE
from market.calculators.registry import Given, Input, calculator
from market.calculators.venues import VENUES, venues
from market.errors import InvalidInput
from market.numbers import plain_text, price_text

_NOTIONAL = Input(
    name="notional", unit="USD", meaning="value of the position at the mark price", required=True, above=0
)


@calculator(
    name="effective-leverage",
    title="Effective leverage",
    description="Value of the position over the equity left behind it; it grows as losses eat equity.",
    sentence="a position worth {notional} on {equity} of equity has an effective leverage of {value}",
    examples=(
        "what is my real leverage with a 50000 position and 4000 equity",
        "effective leverage of a 10,000 USD position on a 2,500 USD account",
        "my account shrank to 1500 and the position is 30000, how leveraged am I",
        "actual leverage if I hold 0.5 BTC at 100000 with 8000 in the account",
        "how leveraged am I really after the drop",
    ),
    inputs=(
        _NOTIONAL,
        Input(
            name="equity", unit="USD", meaning="margin plus unrealised profit or loss", required=True, above=0,
            hint="with no equity left the position is bankrupt and its leverage is not defined",
        ),
    ),
)  # fmt: skip
def effective_leverage(given: Given) -> Calculation:
    """Notional over equity, of a position or of a whole account."""
    notional, equity = given.needed_number("notional"), given.needed_number("equity")
    value = notional / equity
    filled = f"{price_text(notional)}/{price_text(equity)} = {plain_text(round(value, 4))}"
    formula = f"effective leverage = notional/equity = {filled}"
    return Calculation(
        calculation="effective-leverage",
        value=value,
        unit="x",
        formula=formula,
        inputs={"notional": notional, "equity": equity},
        assumptions=[],
    )


@calculator(
    name="margin-ratio",
    title="Margin ratio",
    description="How close a position is to liquidation. Venues run it in opposite directions.",
    sentence=(
        "with {maintenance_margin} of maintenance margin and a margin balance of {margin_balance} "
        "the margin ratio is {value}"
    ),
    examples=(
        "what is my margin ratio with 400 maintenance margin and 1000 balance",
        "margin ratio on okx: balance 1000, maintenance margin 400",
        "am I close to liquidation, maintenance margin 90 and margin balance 100",
        "calculate the margin ratio for 250 USD maintenance margin and 2,000 USD margin balance",
        "why does okx show my margin ratio as 250% and binance as 40%",
    ),
    inputs=(
        Input(name="maintenance_margin", unit="USD", meaning="maintenance margin required", required=True, above=0),
        Input(
            name="margin_balance", unit="USD", meaning="margin plus unrealised profit or loss", required=True, above=0,
            hint="without a balance the position is bankrupt",
        ),
        Input(name="liquidation_fee", unit="USD", meaning="fee that OKX adds to maintenance margin", least=0),
        Input(name="venue", unit="", meaning="venue whose direction counts", choices=VENUES),
    ),
)  # fmt: skip
def margin_ratio(given: Given) -> Calculation:
    """Maintenance margin over margin balance, or the reverse where the venue shows it so."""
    maintenance, balance = given.needed_number("maintenance_margin"), given.needed_number("margin_balance")
    fee = given.number("liquidation_fee") or 0.0
    name = given.word("venue")
    inputs: dict[str, float | str] = {"maintenance_margin": maintenance, "margin_balance": balance}
    if name is None:
        direction = "rising"
        assumptions = ["the ratio rises towards danger, as on Binance; on OKX it runs the other way"]
    else:
        venue = venues()[name]
        if venue.margin_ratio is None:
            known = ", ".join(key for key, one in venues().items() if one.margin_ratio)
            raise InvalidInput(f"which way the margin ratio of {venue.name} runs is not known here; known are {known}")
        direction = venue.margin_ratio
        inputs["venue"] = name
        assumptions = [f"the ratio of {venue.name} {'rises' if direction == 'rising' else 'falls'} towards danger"]
    if direction == "rising":
        if fee:
            raise InvalidInput("liquidation_fee belongs to venues whose ratio falls, such as okx; leave it out")
        value = maintenance / balance
        general, filled = "maintenance margin/margin balance", f"{price_text(maintenance)}/{price_text(balance)}"
        limit = "liquidation when it rises to 100%"
    else:
        value = balance / (maintenance + fee)
        general = "margin balance/(maintenance margin + liquidation fee)"
        filled = f"{price_text(balance)}/({price_text(maintenance)} + {price_text(fee)})"
        inputs["liquidation_fee"] = fee
        limit = "liquidation when it falls to 100%"
    return Calculation(
        calculation="margin-ratio",
        value=value,
        unit="fraction",
        formula=f"margin ratio = {general} = {filled} = {value:.2%}; {limit}",
        inputs=inputs,
        assumptions=assumptions,
    )


@calculator(
    name="funding-payment",
    title="Funding payment",
    description="What one funding settlement costs (positive) or brings (negative).",
    sentence="at a funding rate of {rate} a {side} of {notional} pays {value} at the settlement",
    examples=(
        "how much funding do I pay on a 10000 long at 0.01%",
        "funding payment for a 50k short with a rate of 0.03%",
        "what does a funding rate of 0.1% cost me on 20,000 USD long",
        "do shorts get paid when funding is 0.05% on 5000 USD",
        "what will the next funding cost my 2 BTC long at 100000 with 0.01%",
    ),
    inputs=(
        SIDE,
        _NOTIONAL,
        Input(
            name="rate", unit="fraction", meaning="funding rate of the interval, 0.0001 for 0.01%", required=True,
            above=-0.5, below=0.5, hint="a rate is a fraction, so 0.01% is 0.0001",
        ),
    ),
)  # fmt: skip
def funding_payment(given: Given) -> Calculation:
    """Notional times rate: longs pay while the rate is positive, shorts while it is negative."""
    side, notional, rate = given.needed_word("side"), given.needed_number("notional"), given.needed_number("rate")
    sign = 1 if side == "long" else -1
    value = sign * notional * rate
    says = "you pay" if value > 0 else "you receive" if value < 0 else "nothing is paid"
    filled = f"{'' if sign > 0 else '-'}{price_text(notional)}*{plain_text(rate)}"
    formula = f"payment = {'' if sign > 0 else '-'}notional*rate = {filled} = {price_text(value)}: {says}"
    return Calculation(
        calculation="funding-payment",
        value=value,
        unit="USD",
        formula=formula,
        inputs={"side": side, "notional": notional, "rate": rate},
        assumptions=["one settlement, with the position open at that moment"],
    )
