"""What one reading is asked for: checked, with every default filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from market.errors import InvalidInput, UnknownAsset
from market.metrics.registry import MARKET_WIDE, SOURCE, Metric
from market.symbols import base_asset


@dataclass(frozen=True)
class Request:
    """`params` are the metric's own parameters, numbers as floats; `source` forces one source."""

    metric: Metric
    asset: str
    window: timedelta | None
    as_of: datetime
    params: Mapping[str, str | float]
    source: str | None

    @classmethod
    def of(
        cls,
        metric: Metric,
        asset: str | None,
        window: timedelta | None,
        as_of: datetime,
        params: Mapping[str, str],
        *,
        assets: Sequence[str],
        default_window: timedelta,
    ) -> "Request":
        """The request as asked. `assets` are those the store holds. Raises UnknownAsset or InvalidInput."""
        if window is not None and window <= timedelta(0):
            raise InvalidInput("the window must be longer than nothing; write it as 90m, 24h or 7d")
        if as_of.tzinfo is None:
            raise InvalidInput(f"the as-of time {as_of.isoformat()} names no zone; write it as 2025-11-05T00:00:00Z")
        checked = _checked(metric, params)
        source = checked.pop(SOURCE.name, None)
        return cls(
            metric=metric,
            asset=_asset(metric, asset, assets),
            window=(window or metric.default_window or default_window) if metric.windowed else None,
            as_of=as_of.astimezone(UTC),
            params=checked,
            source=None if source is None else str(source),
        )

    @property
    def narrowed(self) -> bool:
        """Whether the request is for one asset."""
        return self.asset != MARKET_WIDE

    def over(self, window: timedelta) -> "Request":
        """The same over a window, for pictures of what a metric without one stands on."""
        return replace(self, window=window)

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """The parameters that shape the expression."""
        return tuple(sorted((name, value) for name, value in self.params.items() if isinstance(value, str)))

    @property
    def numbers(self) -> dict[str, float]:
        """The parameters that are bound when the expression runs."""
        return {name: value for name, value in sorted(self.params.items()) if isinstance(value, float)}


def _checked(metric: Metric, params: Mapping[str, str]) -> dict[str, str | float]:
    taken = {parameter.name: parameter for parameter in metric.parameters}
    checked: dict[str, str | float] = {
        name: parameter.default for name, parameter in taken.items() if parameter.default is not None
    }
    for name, value in params.items():
        if name not in taken:
            raise InvalidInput(f"{metric.name} takes no parameter '{name}'; it takes {', '.join(taken)}")
        checked[name] = value if name == SOURCE.name else taken[name].checked(value)
    return checked


def _asset(metric: Metric, asset: str | None, assets: Sequence[str]) -> str:
    if asset is None:
        return metric.default_asset
    if asset.strip().upper() == MARKET_WIDE:
        if metric.scope == "asset":
            raise InvalidInput(f"{metric.name} speaks of one asset; choose one of: {', '.join(assets)}")
        return MARKET_WIDE
    try:
        base = base_asset(asset)
    except InvalidInput:
        raise UnknownAsset(asset, assets) from None
    if base not in assets:
        raise UnknownAsset(asset, assets)
    if metric.scope == "market":
        raise InvalidInput(f"{metric.name} speaks of the whole market; leave the asset out")
    return base
