"""What stands beside a result: the liquidation price of each leverage and venue, and a stop against liquidation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from market.calculation import Calculation
from market.calculators import calculate
from market.calculators.venues import venues
from market.errors import InvalidInput

_LEVERAGES = (2, 3, 5, 10, 20, 50, 100)
_SHARED = ("side", "entry", "quantity", "contract")

Inputs = Mapping[str, str]


@dataclass(frozen=True)
class Rung:
    """A price and how far it lies from the entry, as a fraction; None where the calculator refuses."""

    name: str
    price: float | None
    move: float | None
    note: str = ""


def by_leverage(inputs: Inputs) -> Sequence[Rung]:
    """The liquidation price at each leverage, all else as given."""
    kept = {name: value for name, value in inputs.items() if name not in {"leverage", "margin"}}
    return [_rung(f"{leverage}x", {**kept, "leverage": str(leverage)}) for leverage in _LEVERAGES]


def by_venue(inputs: Inputs) -> Sequence[Rung]:
    """The liquidation price by the convention of each venue, all else as given."""
    kept = {name: value for name, value in inputs.items() if name not in {"venue", "convention"}}
    return [
        _rung(venue.name, {**kept, "venue": name}, _charged(name, str(inputs.get("contract", "linear"))))
        for name, venue in venues().items()
    ]


@dataclass(frozen=True)
class StopOrder:
    """Which comes first on the way from the entry: the stop, or liquidation under a convention."""

    stop: float
    rungs: Sequence[Rung]
    first: str


def stop_against_liquidation(inputs: Inputs) -> StopOrder | None:
    """The stop beside the liquidation prices of the same position; None where no leverage was given."""
    if not inputs.get("leverage") or not inputs.get("stop"):
        return None
    same = {name: inputs[name] for name in (*_SHARED, "leverage") if inputs.get(name)}
    rungs = [
        _rung(f"Liquidation, maintenance on the value at {where}", {**same, "convention": convention})
        for convention, where in (("entry", "entry"), ("exit", "the liquidation price"))
    ]
    entry, stop = float(inputs["entry"]), float(inputs["stop"])
    prices = [rung.price for rung in rungs if rung.price is not None]
    if not prices:
        return None
    nearest = min(abs(price - entry) for price in prices)
    first = "stop" if abs(stop - entry) < nearest else "liquidation"
    return StopOrder(stop, rungs, first)


def _rung(name: str, inputs: Inputs, note: str = "") -> Rung:
    try:
        result: Calculation = calculate("liquidation-price", inputs)
    except InvalidInput as refused:
        return Rung(name, None, None, str(refused).partition(";")[0])
    return Rung(name, result.value, result.value / float(inputs["entry"]) - 1, note)


def _charged(name: str, contract: str) -> str:
    where = venues()[name].convention(contract)
    return f"on the value at {'entry' if where == 'entry' else 'the liquidation price'}" if where else ""
