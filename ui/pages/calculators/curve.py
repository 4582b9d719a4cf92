"""How a result moves with one of its inputs, as a curve: every point worked out by the calculator itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from market.calculation import Calculation
from market.calculators.registry import Calculator
from market.errors import InvalidInput
from rag.phrasing import amount
from ui.pages.calculators.samples import SWEEPS

_POINTS = 80
_WIDTH, _HEIGHT = 640.0, 220.0

Inputs = Mapping[str, str]


@dataclass(frozen=True)
class Curve:
    """Lines in a box of `_WIDTH` by `_HEIGHT`, the place of the given input, and what stands at the edges, in words."""

    lines: Sequence[str]
    here: tuple[str, str] | None
    varied: str
    low: str
    high: str
    bottom: str
    top: str
    said: str
    width: float = _WIDTH
    height: float = _HEIGHT


def curve(calculator: Calculator, inputs: Inputs, result: Calculation) -> Curve | None:
    """The curve around `result`; None where the calculator has no sweep, or it allows fewer than two points."""
    sweep = SWEEPS.get(calculator.name)
    if sweep is None:
        return None
    spec = next(spec for spec in calculator.inputs if spec.name == sweep.name)
    given = float(inputs[sweep.name]) if inputs.get(sweep.name) else None
    low, high = sweep.low, sweep.high
    if sweep.relative:
        if given is None:
            return None
        low, high = sorted((low * given, high * given))
    elif given is not None:
        low, high = min(low, given), max(high, given)
    values = [low + (high - low) * step / (_POINTS - 1) for step in range(_POINTS)]
    runs = _runs(calculator, inputs, sweep.name, values)
    found = [point for run in runs for point in run]
    if len(found) < 2:
        return None
    # Where the calculator refuses every value there is nothing to see.
    low, high = found[0][0], found[-1][0]
    if given is not None:
        low, high = min(low, given), max(high, given)
    bottom, top = min(y for _, y in found), max(y for _, y in found)
    across, up = high - low, (top - bottom) or 1.0

    def placed(x: float, y: float) -> tuple[str, str]:
        return f"{(x - low) / across * _WIDTH:.1f}", f"{_HEIGHT - (y - bottom) / up * _HEIGHT:.1f}"

    inside = given is not None and bottom <= result.value <= top
    meaning = spec.name.replace("_", " ")
    return Curve(
        lines=[" ".join(",".join(placed(x, y)) for x, y in run) for run in runs if len(run) > 1],
        here=placed(given, result.value) if given is not None and inside else None,
        varied=meaning,
        low=amount(low, spec.unit),
        high=amount(high, spec.unit),
        bottom=amount(bottom, result.unit),
        top=amount(top, result.unit),
        said=(
            f"{calculator.title} for {meaning} from {amount(found[0][0], spec.unit)} to "
            f"{amount(found[-1][0], spec.unit)}: from {amount(found[0][1], result.unit)} to "
            f"{amount(found[-1][1], result.unit)}"
        ),
    )


def _runs(
    calculator: Calculator, inputs: Inputs, name: str, values: Sequence[float]
) -> Sequence[Sequence[tuple[float, float]]]:
    """The points that the calculator allows, broken where it refuses one."""
    # Margin follows from size and leverage; left in, it would contradict every leverage but one.
    others = {
        key: value for key, value in inputs.items() if key != name and not (name == "leverage" and key == "margin")
    }
    runs: list[list[tuple[float, float]]] = [[]]
    for value in values:
        try:
            runs[-1].append((value, calculator({**others, name: value}).value))
        except InvalidInput:
            if runs[-1]:
                runs.append([])
    return runs
