"""The formulas behind a liquidation price: two conventions, linear and inverse, each as a number and as text."""

from dataclasses import dataclass

from market.calculators.position import Position
from market.calculators.venues import Convention
from market.errors import InvalidInput
from market.numbers import plain_text, price_text


@dataclass(frozen=True)
class Requirement:
    """What must be left of the margin: `mmr` of the value at entry or at the liquidation price, less `deduction`.

    `extra` is margin added after opening; amounts are in USD, rates are fractions.
    """

    convention: Convention
    mmr: float
    fee_rate: float
    deduction: float
    extra: float


def linear(position: Position, required: Requirement) -> tuple[float, str]:
    """The price, and the formula up to its result. Raises InvalidInput if no price liquidates the position."""
    entry, quantity = position.entry, position.quantity
    held = position.margin + required.extra + required.deduction
    if required.convention == "entry":
        price = entry - position.sign * (held - entry * quantity * required.mmr) / quantity
    else:
        kept = 1 - position.sign * (required.mmr + required.fee_rate)
        price = (entry * quantity - position.sign * held) / (quantity * kept)
    if price <= 0:
        raise InvalidInput(
            f"this {position.side} cannot be liquidated: its margin covers a fall to zero, "
            "so there is no liquidation price"
        )
    return price, _linear_text(position, required)


def inverse(position: Position, required: Requirement) -> tuple[float, str]:
    """As `linear`, for a contract of fixed USD value whose margin is held in coins."""
    sign, coins = position.sign, position.quantity
    face = coins * position.entry
    held = (position.margin + required.extra + required.deduction) / position.entry
    if required.convention == "entry":
        due, backing = face, coins + sign * (held - coins * required.mmr)
    else:
        due, backing = face * (1 + sign * (required.mmr + required.fee_rate)), coins + sign * held
    # At 1x an inverse short holds as many coins as it owes: no price empties it.
    if backing <= 1e-12 * coins:
        raise InvalidInput(
            f"this inverse {position.side} cannot be liquidated: its margin in coins covers the position at any "
            "price, so there is no liquidation price"
        )
    return due / backing, _inverse_text(position, required, face, held)


def _linear_text(p: Position, r: Requirement) -> str:
    entry, size, rate = price_text(p.entry), plain_text(p.quantity), plain_text(r.mmr)
    minus, plus = ("-", "+") if p.sign > 0 else ("+", "-")
    fee, fee_number = (f" {minus} f", f" {minus} {plain_text(r.fee_rate)}") if r.fee_rate else ("", "")
    if p.leverage_given and not r.deduction and not r.extra:
        leverage = plain_text(p.leverage)
        if r.convention == "entry":
            return f"LP = E*(1 {minus} 1/L {plus} mmr) = {entry}*(1 {minus} 1/{leverage} {plus} {rate})"
        general = f"E*(1 {minus} 1/L)/(1 {minus} mmr{fee})"
        return f"LP = {general} = {entry}*(1 {minus} 1/{leverage})/(1 {minus} {rate}{fee_number})"
    if r.convention == "entry":
        margins, numbers = _margins(p, r, "+")
        filled = f"{entry} {minus} ({numbers} - {entry}*{size}*{rate})/{size}"
        return f"LP = E {minus} ({margins} - E*q*mmr)/q = {filled}"
    margins, numbers = _margins(p, r, minus)
    filled = f"({entry}*{size} {minus} {numbers})/({size}*(1 {minus} {rate}{fee_number}))"
    return f"LP = (E*q {minus} {margins})/(q*(1 {minus} mmr{fee})) = {filled}"


def _inverse_text(p: Position, r: Requirement, face: float, held: float) -> str:
    usd, coins, entry, rate = plain_text(face), plain_text(held), price_text(p.entry), plain_text(r.mmr)
    plus = "+" if p.sign > 0 else "-"
    if r.convention == "entry":
        filled = f"{usd}/({usd}/{entry} {plus} ({coins} - {rate}*{usd}/{entry}))"
        return f"LP = Q/(Q/E {plus} (M - mmr*Q/E)) = {filled}"
    fee, fee_number = (f" {plus} f", f" {plus} {plain_text(r.fee_rate)}") if r.fee_rate else ("", "")
    filled = f"{usd}*(1 {plus} {rate}{fee_number})/({usd}/{entry} {plus} {coins})"
    return f"LP = Q*(1 {plus} mmr{fee})/(Q/E {plus} M) = {filled}"


def _margins(p: Position, r: Requirement, joint: str) -> tuple[str, str]:
    """The margin terms that are not zero, as symbols and as numbers."""
    terms = (("M", p.margin), ("added", r.extra), ("cum", r.deduction))
    held = [(name, plain_text(amount)) for name, amount in terms if amount]
    return f" {joint} ".join(name for name, _ in held), f" {joint} ".join(number for _, number in held)
