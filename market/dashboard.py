"""What says how the market is doing: the readings that the Market page and `GET /v1/readings` show together."""

from datetime import timedelta

from market.plan import Wanted

_NAMES = (
    "price", "change", "max_drawdown", "drawdown_from_ath", "realised_volatility", "window_high", "window_low",
    "largest_drop", "liquidations_total", "liquidations_long", "liquidations_short", "liquidations_largest",
    "liquidations_largest_hour", "liquidations_zscore", "liquidations_imbalance", "liquidations_top_asset",
    "liquidations_at_venue", "cascade_largest", "market_cap", "market_cap_change", "market_cap_largest_hourly_drop",
    "funding_rate", "open_interest", "open_interest_change", "fear_greed", "fear_greed_change",
)  # fmt: skip


def dashboard(asset: str | None, window: timedelta) -> list[Wanted]:
    """The readings over `window`, of `asset` where they speak of one; of bitcoin and of all assets with None."""
    from market.metrics import metrics

    return [Wanted(name, asset if metrics()[name].scope != "market" else None, window) for name in _NAMES]
