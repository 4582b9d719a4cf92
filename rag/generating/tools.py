"""LangChain tools over the market's own registries: what a model asks for becomes evidence like any other."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from market.calculators import CALCULATORS, calculate
from market.durations import duration_of
from market.errors import MarketError
from market.market import Market
from rag.evidence import Evidence, from_calculation, from_reading
from rag.generating.codes import Codes

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tools_for(market: Market, codes: Codes, as_of: datetime | None) -> "list[BaseTool]":
    """Tools that read metrics as of `as_of` and calculate; each result is added to `codes` and told with its code."""
    from langchain_core.tools import StructuredTool

    def read_metric(name: str, asset: str | None = None, window: str | None = None) -> str:
        def found() -> Evidence:
            reading = market.read(name, asset, duration_of(window) if window else None, as_of)
            return from_reading(reading, market.metrics()[name].title)

        return _told(found, codes)

    def calculator(name: str, inputs: dict[str, float | str]) -> str:
        return _told(lambda: from_calculation(calculate(name, inputs), CALCULATORS[name].title), codes)

    return [
        StructuredTool.from_function(read_metric, name="read_metric", description=_metrics(market)),
        StructuredTool.from_function(calculator, name="calculate", description=_calculators()),
    ]


def _told(find: Callable[[], Evidence], codes: Codes) -> str:
    try:
        item = find()
    except MarketError as error:
        return f"error: {error}"
    return f"[{codes.add(item)}] {item.text}"


def _metrics(market: Market) -> str:
    listed = "; ".join(f"{metric.name}: {metric.description}" for metric in market.metrics().values())
    assets = ", ".join(market.assets())
    return f"Reads a market metric. asset (may be left out): {assets}. window (may be left out): as 24h. name: {listed}"


def _calculators() -> str:
    listed = "; ".join(f"{one.name}({_inputs(one.name)})" for one in CALCULATORS.values())
    return f"Works a number out of the asker's own inputs. Rates are fractions, prices USD. name and inputs: {listed}"


def _inputs(name: str) -> str:
    return ", ".join(f"{spec.name}{'' if spec.required else '?'}" for spec in CALCULATORS[name].inputs)
