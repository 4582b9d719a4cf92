"""Profit or loss of a position between two prices, and the return on the margin behind it."""

from market.calculation import Calculation
from market.calculators.position import CONTRACT, ENTRY, LEVERAGE, QUANTITY, SIDE
from market.calculators.registry import Given, Input, calculator
from market.numbers import plain_text, price_text


@calculator(
    name="pnl",
    title="Profit or loss",
    description="What a position earns or loses between its entry and an exit price, before fees and funding.",
    sentence="a {side} from {entry} to {exit} makes {value} before fees and funding",
    examples=(
        "How much do I lose if I long 0.5 BTC at 107000 and it drops to 99000?",
        "profit on a short of 2 ETH from 3600 to 3100",
        "what's my pnl, 10x long from 100k to 105k",
        "my ROE on a 20x long if bitcoin moves from 101000 to 103000",
        "pnl of a coin-margined long from 50,000 to 45,000",
    ),
    inputs=(
        SIDE,
        ENTRY,
        Input(name="exit", unit="USD", meaning="price at which it is closed", required=True, above=0),
        QUANTITY,
        LEVERAGE,
        CONTRACT,
    ),
)
def pnl(given: Given) -> Calculation:
    """Linear: q*(X - E) for a long. Inverse: Q*(1/E - 1/X) coins with Q = q*E, the face value in USD."""
    entry, closed = given.needed_number("entry"), given.needed_number("exit")
    side, inverse = given.needed_word("side"), given.word("contract") == "inverse"
    size = given.number("quantity")
    quantity = 1.0 if size is None else size
    sign = 1 if side == "long" else -1
    assumptions = [] if size is not None else ["a position of 1 coin, as no size was given"]
    if given.word("contract") is None:
        assumptions.append("a linear contract (margin and profit in USD)")
    assumptions.append("fees and funding left out")

    amount, first, last = plain_text(quantity), price_text(entry), price_text(closed)
    if inverse:
        value = sign * quantity * (1 - entry / closed)
        face = plain_text(quantity * entry)
        general, filled = (
            ("Q*(1/E - 1/X)", f"{face}*(1/{first} - 1/{last})")
            if sign > 0
            else ("Q*(1/X - 1/E)", f"{face}*(1/{last} - 1/{first})")
        )
        formula = (
            f"PnL = {general} = {filled} = {value:.8f} coins, worth {price_text(value * closed)} USD at the exit price"
        )
        margin_share = value / quantity
    else:
        value = sign * quantity * (closed - entry)
        general, filled = (
            ("q*(X - E)", f"{amount}*({last} - {first})") if sign > 0 else ("q*(E - X)", f"{amount}*({first} - {last})")
        )
        formula = f"PnL = {general} = {filled} = {price_text(value)}"
        margin_share = value / (quantity * entry)
    inputs: dict[str, float | str] = {
        "side": side,
        "entry": entry,
        "exit": closed,
        "quantity": quantity,
        "contract": "inverse" if inverse else "linear",
    }
    leverage = given.number("leverage")
    if leverage is not None:
        inputs["leverage"] = leverage
        formula += f"; return on the initial margin = PnL/(value at entry/L) = {margin_share * leverage:.2%}"
    return Calculation(
        calculation="pnl",
        value=value,
        unit="coins" if inverse else "USD",
        formula=formula,
        inputs=inputs,
        assumptions=assumptions,
    )
