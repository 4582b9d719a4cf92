"""What a loss costs and what it takes to win it back: return on equity, loss at a stop, recovery gain, tiers."""

from dataclasses import replace

from market.calculation import Calculation
from market.calculators.position import CONTRACT, ENTRY, LEVERAGE, QUANTITY, SIDE
from market.calculators.registry import Given, Input, calculator
from market.calculators.tiers import TIERS, refuse_beyond, tier_of, tiers_of
from market.errors import InvalidInput
from market.numbers import plain_text, price_text


@calculator(
    name="roe",
    title="Return on the margin",
    description="Profit or loss between two prices as a fraction of the margin put up (ROE), before fees and funding.",
    sentence="a {side} with {leverage} from {entry} to {exit} returns {value} on its margin",
    examples=(
        "what is the ROE of a 10x long from 100000 to 105000",
        "return on equity for a 20x short from 3400 to 3300",
        "what percent of my margin do I make with 5x if btc goes from 100k to 103k",
        "ROE at 50x when the price moves one percent",
        "how much of my margin is lost on a 10x long from 101000 to 96000",
    ),
    inputs=(
        SIDE,
        ENTRY,
        Input(name="exit", unit="USD", meaning="price at which it is closed", required=True, above=0),
        Input(name="leverage", unit="x", meaning="position value at entry / margin", required=True, least=1),
        CONTRACT,
    ),
)
def roe(given: Given) -> Calculation:
    """Linear: L*(X/E - 1) for a long. Inverse: L*(1 - E/X), in coins."""
    entry, closed, leverage = (given.needed_number(name) for name in ("entry", "exit", "leverage"))
    side, inverse = given.needed_word("side"), given.word("contract") == "inverse"
    sign, minus = (1, "") if side == "long" else (-1, "-")
    first, last = price_text(entry), price_text(closed)
    if inverse:
        value, general, filled = sign * leverage * (1 - entry / closed), "L*(1 - E/X)", f"(1 - {first}/{last})"
    else:
        value, general, filled = sign * leverage * (closed / entry - 1), "L*(X/E - 1)", f"({last}/{first} - 1)"
    assumptions = ["fees and funding left out"]
    if given.word("contract") is None:
        assumptions.insert(0, "a linear contract (margin and profit in USD)")
    if value < -1:
        assumptions.append("a loss beyond the margin: an isolated position is liquidated before it")
    return Calculation(
        calculation="roe",
        value=value,
        unit="fraction",
        formula=f"ROE = {minus}{general} = {minus}{plain_text(leverage)}*{filled} = {value:.2%}",
        inputs={
            "side": side,
            "entry": entry,
            "exit": closed,
            "leverage": leverage,
            "contract": "inverse" if inverse else "linear",
        },
        assumptions=assumptions,
    )


@calculator(
    name="stop-loss",
    title="Loss at a stop",
    description="What a position loses if its stop is filled at its price, with fees if a rate is given.",
    sentence="a {side} from {entry} stopped at {stop} loses {value}",
    examples=(
        "how much do I lose if my stop at 98000 is hit on a 0.5 BTC long from 100000",
        "loss at stop 3500 for a 2 ETH short from 3400",
        "what does a stop loss 2% below 100000 cost on 1 BTC",
        "loss at my stop with 0.05% fees",
        "stop at 95k on a 10x long from 100k, what is the loss",
    ),
    inputs=(
        SIDE,
        ENTRY,
        Input(name="stop", unit="USD", meaning="price of the stop", required=True, above=0),
        QUANTITY,
        LEVERAGE,
        Input(name="fee_rate", unit="fraction", meaning="fee of each trade, 0.0005 for 0.05%", least=0, below=0.1),
    ),
)
def stop_loss(given: Given) -> Calculation:
    """q*|E - S| + f*q*(E + S). Refused if the stop is no loss, or if the margin is used up before it."""
    side, entry, stop = given.needed_word("side"), given.needed_number("entry"), given.needed_number("stop")
    sign = 1 if side == "long" else -1
    move = sign * (entry - stop)
    if move <= 0:
        where = "below" if sign > 0 else "above"
        raise InvalidInput(f"a stop that limits the loss of a {side} lies {where} its entry of {price_text(entry)}")
    leverage, fee = given.number("leverage"), given.number("fee_rate") or 0.0
    if leverage is not None and move / entry >= 1 / leverage:
        bankrupt = entry * (1 - sign / leverage)
        raise InvalidInput(
            f"at {plain_text(leverage)}x the margin is used up at {price_text(bankrupt)}, before the stop of "
            f"{price_text(stop)}: the position is liquidated first; set the stop closer or use less leverage"
        )
    size = given.number("quantity")
    quantity = 1.0 if size is None else size
    value = quantity * move + fee * quantity * (entry + stop)
    prices = (entry, stop) if sign > 0 else (stop, entry)
    amount, high, low = plain_text(quantity), price_text(prices[0]), price_text(prices[1])
    general, filled = ("q*(E - S)" if sign > 0 else "q*(S - E)"), f"{amount}*({high} - {low})"
    if fee:
        general += " + f*q*(E + S)"
        filled += f" + {plain_text(fee)}*{amount}*({price_text(entry)} + {price_text(stop)})"
    formula = f"loss = {general} = {filled} = {price_text(value)}"
    inputs: dict[str, float | str] = {"side": side, "entry": entry, "stop": stop, "quantity": quantity, "fee_rate": fee}
    if leverage is not None:
        inputs["leverage"] = leverage
        formula += f"; of the margin: {value * leverage / (quantity * entry):.2%}"
    assumptions = [] if size is not None else ["a position of 1 coin, as no size was given"]
    assumptions.append("the stop is filled at its price; in a fast market it may be filled at a worse one")
    if not fee:
        assumptions.append("fees left out")
    return Calculation(
        calculation="stop-loss", value=value, unit="USD", formula=formula, inputs=inputs, assumptions=assumptions
    )


@calculator(
    name="recovery-gain",
    title="Gain needed after a loss",
    description="How much has to be gained to be back where one was before a loss: more than was lost.",
    sentence="after a loss of {loss} it takes a gain of {value} to be back",
    examples=(
        "how much do I need to gain after losing 50%",
        "recovery gain for a 30% drawdown",
        "what gain gets me back after an 80 percent loss",
        "if bitcoin falls 20% how much must it rise to be back",
        "break even after losing a third",
    ),
    inputs=(
        Input(
            name="loss", unit="fraction", meaning="what was lost, 0.5 for 50%", required=True, above=0, below=1,
            hint="a loss is a fraction, so 50% is 0.5; after losing all there is no way back",
        ),
    ),
)  # fmt: skip
def recovery_gain(given: Given) -> Calculation:
    """1/(1 - d) - 1."""
    loss = given.needed_number("loss")
    value = 1 / (1 - loss) - 1
    return Calculation(
        calculation="recovery-gain",
        value=value,
        unit="fraction",
        formula=f"gain = 1/(1 - d) - 1 = 1/(1 - {plain_text(loss)}) - 1 = {value:.2%}",
        inputs={"loss": loss},
        assumptions=[],
    )


@calculator(
    name="maintenance-margin",
    title="Maintenance margin",
    description="The margin a position of a given value must keep, by the tiers of its contract.",
    sentence="a position worth {notional} must keep {value} of maintenance margin",
    examples=(
        "maintenance margin of a 300000 USD position with tiers 50000:0.004,250000:0.005,inf:0.01",
        "how much maintenance margin does a 1 million position need",
        "which maintenance tier is a 120,000 USD position in",
        "work out maintenance margin from the bracket table",
        "what does the next maintenance tier cost me",
    ),
    inputs=(
        Input(name="notional", unit="USD", meaning="value of the position at the mark price", required=True, above=0),
        replace(TIERS, required=True),
        LEVERAGE,
    ),
)
def maintenance_margin(given: Given) -> Calculation:
    """Value times the rate of its tier, less the tier's deduction: each slice is charged its own rate."""
    notional, table, leverage = given.needed_number("notional"), given.needed_word("tiers"), given.number("leverage")
    tier = tier_of(tiers_of(table), notional)
    inputs: dict[str, float | str] = {"notional": notional, "tiers": table}
    if leverage is not None:
        refuse_beyond(tier, leverage)
        inputs["leverage"] = leverage
    value = notional * tier.rate - tier.deduction
    filled = f"{price_text(notional)}*{plain_text(tier.rate)} - {plain_text(round(tier.deduction, 8))}"
    return Calculation(
        calculation="maintenance-margin",
        value=value,
        unit="USD",
        formula=f"MM = value*rate - deduction = {filled} = {price_text(value)}; {tier.told()}",
        inputs=inputs,
        assumptions=["the maintenance tiers as given; venues change theirs without notice"],
    )
