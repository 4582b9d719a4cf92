"""What a metric is: one function that gives one ibis expression, registered with everything said about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from market.errors import InvalidInput

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.tables import Kind
    from market.view import View

    Expression = Callable[[View], ir.Table]

Scope = Literal["asset", "market", "either"]
"""Whether a metric speaks of one asset, of the whole market, or of whichever is asked for."""

Span = Literal["window", "change", "moment", "history"]
"""The rows a metric stands on: those of a window; its two ends; the newest; all that were ever known."""

MARKET_WIDE = "ALL"
"""The asset of a reading that speaks of the whole market."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter beside asset, window and as-of: a word out of `choices`, or else a number above zero.

    Without a default it may be left out, and the metric says what it does then.
    """

    name: str
    meaning: str
    default: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        return "|".join(self.choices) if self.choices else "number above 0"

    def with_default(self, default: str) -> "Parameter":
        return replace(self, default=default)

    def checked(self, value: str) -> str | float:
        """`value` as the metric takes it. Raises InvalidInput."""
        if self.choices:
            if value not in self.choices:
                raise InvalidInput(f"parameter {self.name} is '{value}'; it is one of {', '.join(self.choices)}")
            return value
        try:
            number = float(value.replace(",", "").replace("_", ""))
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            raise InvalidInput(f"parameter {self.name} is '{value}'; it must be a number above 0 ({self.meaning})")
        return number


BASIS = Parameter(
    name="basis",
    meaning="close: closing prices; touch: highs and lows within the candles",
    default="close",
    choices=("close", "touch"),
)

SOURCE = Parameter(name="source", meaning="name of the one source to use, where several hold the asset")
"""Every metric takes it; it is a text, so it is checked against the store."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric as registered.

    `expression` gives a table of at most one row, with `value`, `rows` (how many rows the value stands on) and
    the columns that `filled`, the formula with numbers, names. A column `asset` says which asset the value
    belongs to. `sentence` says the value in words with `{asset}`, `{value}` and `{window}`; the as-of moment
    and the mode are for the teller to add. A reading on fewer rows than `least_rows` is not given.
    """

    name: str
    title: str
    description: str
    unit: str
    formula: str
    filled: str
    formula_source: str
    sentence: str
    examples: tuple[str, ...]
    table: "Kind"
    span: Span
    scope: Scope
    default_asset: str
    default_window: timedelta | None
    parameters: tuple[Parameter, ...]
    least_rows: int
    expression: "Expression"

    @property
    def windowed(self) -> bool:
        return self.span in {"window", "change"}


def metric(
    *,
    title: str,
    description: str,
    unit: str,
    formula: str,
    filled: str,
    formula_source: str,
    sentence: str,
    examples: Sequence[str],
    table: "Kind",
    span: Span,
    scope: Scope = "asset",
    default_window: timedelta | None = None,
    parameters: Sequence[Parameter] = (),
    least_rows: int = 1,
) -> "Callable[[Expression], Metric]":
    """Registers the decorated function under its own name. `default_window` None means the setting's."""

    def register(expression: "Expression") -> Metric:
        return Metric(
            name=expression.__name__,
            title=title,
            description=description,
            unit=unit,
            formula=formula,
            filled=filled,
            formula_source=formula_source,
            sentence=sentence,
            examples=tuple(examples),
            table=table,
            span=span,
            scope=scope,
            default_asset="BTC" if scope == "asset" else MARKET_WIDE,
            default_window=default_window,
            parameters=(*parameters, SOURCE),
            least_rows=least_rows,
            expression=expression,
        )

    return register
