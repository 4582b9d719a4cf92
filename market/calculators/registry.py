"""What a calculator is, and how the inputs it is given are checked against what it takes."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from market.calculation import Calculation
from market.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input: a word out of `choices`, a `text` that the calculator reads itself, or else a number within limits."""

    name: str
    unit: str
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    text: bool = False
    above: float | None = None
    least: float | None = None
    below: float | None = None
    hint: str = ""


@dataclass(frozen=True)
class Given:
    """Inputs that passed their checks. A number or word that was not given is None."""

    values: Mapping[str, float | str]

    def number(self, name: str) -> float | None:
        value = self.values.get(name)
        return value if isinstance(value, float) else None

    def word(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def needed_number(self, name: str) -> float:
        """The number of an input that is required, so that its check has made sure it is there."""
        return float(self.values[name])

    def needed_word(self, name: str) -> str:
        """As `needed_number`, for a word."""
        return str(self.values[name])


@dataclass(frozen=True, kw_only=True)
class Calculator:
    """A calculator as registered. `sentence` has `{value}` and any of the inputs' names as fields."""

    name: str
    title: str
    description: str
    sentence: str
    examples: tuple[str, ...]
    inputs: tuple[Input, ...]
    work: Callable[[Given], Calculation]

    def __call__(self, inputs: Mapping[str, float | str]) -> Calculation:
        return self.work(self._checked(inputs))

    def _checked(self, inputs: Mapping[str, float | str]) -> Given:
        specs = {spec.name: spec for spec in self.inputs}
        given = {name.replace("-", "_"): value for name, value in inputs.items()}
        unknown = [name for name in given if name not in specs]
        if unknown:
            raise InvalidInput(f"{self.name} takes no input '{unknown[0]}'; it takes {', '.join(specs)}")
        missing = [spec for spec in self.inputs if spec.required and spec.name not in given]
        if missing:
            said = ", ".join(f"{spec.name} ({spec.meaning})" for spec in missing)
            raise InvalidInput(f"{self.name} needs {said}")
        return Given({name: _value(specs[name], value) for name, value in given.items()})


def calculator(
    *, name: str, title: str, description: str, sentence: str, examples: Sequence[str], inputs: Sequence[Input]
) -> Callable[[Callable[[Given], Calculation]], Calculator]:
    """Turns a function from checked inputs to a Calculation into a Calculator."""

    def register(work: Callable[[Given], Calculation]) -> Calculator:
        return Calculator(
            name=name,
            title=title,
            description=description,
            sentence=sentence,
            examples=tuple(examples),
            inputs=tuple(inputs),
            work=work,
        )

    return register


def _value(spec: Input, value: float | str) -> float | str:
    if spec.choices:
        word = str(value).strip().lower()
        if word not in spec.choices:
            raise InvalidInput(f"{spec.name} is '{value}'; it is one of {', '.join(spec.choices)}")
        return word
    if spec.text:
        return str(value)
    try:
        number = float(value)
    except ValueError:
        raise InvalidInput(f"{spec.name} is '{value}'; it must be a number ({spec.meaning})") from None
    if not math.isfinite(number):
        raise InvalidInput(f"{spec.name} is {number}; it must be a finite number ({spec.meaning})")
    hint = f"; {spec.hint}" if spec.hint else ""
    if spec.above is not None and number <= spec.above:
        raise InvalidInput(f"{spec.name} is {number:g}; it must be above {spec.above:g} ({spec.meaning}){hint}")
    if spec.least is not None and number < spec.least:
        raise InvalidInput(f"{spec.name} is {number:g}; it must be {spec.least:g} or more ({spec.meaning}){hint}")
    if spec.below is not None and number >= spec.below:
        raise InvalidInput(f"{spec.name} is {number:g}; it must be below {spec.below:g} ({spec.meaning}){hint}")
    return number
