"""What one reading is asked for: checked, with every default filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from market.errors import InvalidInput, UnknownAsset
from market.metrics.registry import EARLIER, MARKET_WIDE, SOURCE, Metric, ParameterValue
from market.symbols import base_asset


@dataclass(frozen=True)
class Request:
    """`params` are the metric's own parameters, checked; `source` forces one source."""

    metric: Metric
    asset: str
    window: timedelta | None
    as_of: datetime
    params: Mapping[str, ParameterValue]
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
        span = (window or metric.default_window or default_window) if metric.windowed else None
        moment = as_of.astimezone(UTC)
        if EARLIER in metric.parameters and span is not None:
            earlier = checked.setdefault(EARLIER.name, moment - span)
            if isinstance(earlier, datetime) and earlier > moment:
                raise InvalidInput(
                    f"parameter {EARLIER.name} lies after the as-of time, where nothing is known yet; "
                    "give an earlier moment, or read as of the later one"
                )
        return cls(
            metric=metric,
            asset=_asset(metric, asset, assets),
            window=span,
            as_of=moment,
            params=checked,
            source=None if source is None else str(source),
        )

    @property
    def narrowed(self) -> bool:
        """Whether the request is for one asset."""
        return self.asset != MARKET_WIDE

    def over(self, window: timedelta) -> "Request":
        """The same over a window, for figures of what a metric without one stands on."""
        return replace(self, window=window)

    @property
    def earlier(self) -> datetime | None:
        """End of the other window, for a metric that holds two against each other."""
        found = self.params.get(EARLIER.name) if EARLIER in self.metric.parameters else None
        return found if isinstance(found, datetime) else None

    @property
    def shape(self) -> tuple[tuple[str, ParameterValue], ...]:
        """What decides which expression the metric gives: words by value, the others by being there."""
        shaping = {one.name for one in self.metric.parameters if one.shapes}
        return tuple((name, value if name in shaping else "") for name, value in sorted(self.params.items()))

    @property
    def bound(self) -> dict[str, ParameterValue]:
        """The parameters that are bound when the expression runs."""
        shaping = {one.name for one in self.metric.parameters if one.shapes}
        return {name: value for name, value in sorted(self.params.items()) if name not in shaping}


def _checked(metric: Metric, params: Mapping[str, str]) -> dict[str, ParameterValue]:
    taken = {parameter.name: parameter for parameter in metric.parameters}
    checked: dict[str, ParameterValue] = {
        name: parameter.checked(parameter.default) for name, parameter in taken.items() if parameter.default is not None
    }
    for name, value in params.items():
        if name not in taken:
            raise InvalidInput(f"{metric.name} takes no parameter '{name}'; it takes {', '.join(taken)}")
        checked[name] = taken[name].checked(value)
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
