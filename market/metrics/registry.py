"""What a metric is: one function that gives one ibis expression, registered with everything said about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from market.durations import duration_of, duration_text
from market.errors import InvalidInput
from market.moments import moment_of
from market.symbols import Instrument

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.tables import Kind
    from market.view import View

    Expression = Callable[[View], ir.Table]

Scope = Literal["asset", "market", "either"]
"""Whether a metric speaks of one asset, of the whole market, or of whichever is asked for."""

Span = Literal["window", "change", "moment", "history"]
"""The rows a metric stands on: those of a window; its two ends; the newest; all that were ever known."""

Content = Literal["number", "share", "duration", "moment", "text"]
"""What a parameter without choices holds; a share is a number above 0 and up to 1."""

Companion = Literal["bitcoin", "spot"]
"""The second series a metric holds its own against: bitcoin of the same source, or the asset's spot price."""

ParameterValue = str | float | datetime

MARKET_WIDE = "ALL"
"""The asset of a reading that speaks of the whole market."""

_TYPES: dict[Content, str] = {
    "number": "number above 0",
    "share": "number above 0, up to 1",
    "duration": "duration such as 1h",
    "moment": "moment such as 2025-10-11T00:00:00Z",
    "text": "text",
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter beside asset, window and as-of: a word out of `choices`, or else what `content` says.

    Without a default it may be left out, and the metric says what it does then.
    """

    name: str
    meaning: str
    default: str | None = None
    choices: tuple[str, ...] = ()
    content: Content = "number"

    @property
    def type(self) -> str:
        return "|".join(self.choices) if self.choices else _TYPES[self.content]

    @property
    def shapes(self) -> bool:
        """Whether its value shapes the expression; the others are bound when it runs."""
        return bool(self.choices) or self.content == "duration"

    def with_default(self, default: str) -> "Parameter":
        return replace(self, default=default)

    def checked(self, value: str) -> ParameterValue:
        """`value` as the metric takes it. Raises InvalidInput."""
        if self.choices:
            if value not in self.choices:
                raise InvalidInput(f"parameter {self.name} is '{value}'; it is one of {', '.join(self.choices)}")
            return value
        if self.content == "duration":
            return duration_text(duration_of(value))
        if self.content == "moment":
            return self._moment(value)
        return value if self.content == "text" else self._number(value)

    def _number(self, value: str) -> float:
        try:
            number = float(value.replace(",", "").replace("_", ""))
        except ValueError:
            number = 0.0
        most = 1.0 if self.content == "share" else float("inf")
        if not 0 < number <= most or number == float("inf"):
            raise InvalidInput(f"parameter {self.name} is '{value}'; it must be a {self.type} ({self.meaning})")
        return number

    def _moment(self, value: str) -> datetime:
        try:
            return moment_of(value).astimezone(UTC)
        except InvalidInput as error:
            raise InvalidInput(f"parameter {self.name}: {error}") from None


BASIS = Parameter(
    name="basis",
    meaning="close: closing prices; touch: highs and lows within the candles",
    default="close",
    choices=("close", "touch"),
)

SOURCE = Parameter(name="source", meaning="name of the one source to use, where several hold the asset", content="text")
"""Every metric takes it; what there is of it is for the store to say."""

EARLIER = Parameter(
    name="other",
    meaning="end of the other window, of the same length; left out: where this window begins",
    content="moment",
)
"""Taken by metrics that hold a window against another one."""

LEVEL = Parameter(
    name="level", meaning="price level in USD; left out: the next round number below the price, such as 100,000"
)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric as registered.

    `expression` gives a table of at most one row, with `value`, `rows` (how many rows the value stands on) and
    the columns that `filled`, the formula with numbers, names. A column `asset` says which asset the value
    belongs to. `sentence` says the value in words with `{asset}`, `{value}`, `{window}` and, of one venue,
    `{venue}`; the as-of moment and the mode are for the teller to add. A reading on fewer rows than `least_rows`
    is not given; `empty` says why one on enough rows may still have no value. `companion` is a second series of
    the same interval that the expression finds as `view.companion`, and `instrument` the only kind of series the
    first may be.
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
    companion: Companion | None
    instrument: Instrument | None
    empty: str
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
    default_asset: str | None = None,
    parameters: Sequence[Parameter] = (),
    least_rows: int = 1,
    companion: Companion | None = None,
    instrument: Instrument | None = None,
    empty: str = "",
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
            default_asset=default_asset or ("BTC" if scope == "asset" else MARKET_WIDE),
            default_window=default_window,
            parameters=(*parameters, SOURCE),
            least_rows=least_rows,
            companion=companion,
            instrument=instrument,
            empty=empty,
            expression=expression,
        )

    return register
