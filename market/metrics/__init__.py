"""Every metric by name; each is one function in a module beside this one."""

from collections.abc import Mapping
from functools import lru_cache

from market.metrics.registry import Metric


@lru_cache(maxsize=1)
def metrics() -> Mapping[str, Metric]:
    """Every metric by name, in the order the modules state them."""
    from market.metrics import (
        capitalisation,
        cascades,
        comparing,
        drawdowns,
        funding,
        liquidations,
        mood,
        pacing,
        positions,
        prices,
        swings,
    )

    modules = (
        prices, drawdowns, swings, comparing, capitalisation, liquidations, pacing, cascades, funding, positions, mood,
    )  # fmt: skip
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Metric)]
    return {metric.name: metric for metric in found}
