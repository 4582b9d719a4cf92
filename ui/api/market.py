"""Numbers on demand: the metrics and their readings, the calculators and their calculations."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Body, FastAPI, Path, Query

from market.calculation import Calculation
from market.calculators import CALCULATORS, calculate
from market.dashboard import dashboard
from market.durations import duration_of
from market.errors import InvalidInput, MarketError, UnknownAsset
from market.feeds.states import FeedStatus
from market.market import Market
from market.moments import Moment
from market.plan import Wanted
from market.reading import Reading
from ui.api.examples import example
from ui.api.shapes import CalculatorDescription, MetricDescription, Number, Readings, Unread
from ui.app import App
from ui.describing import described_calculator, described_metric
from ui.errors import UnknownCalculator

_LONG = {"side": "long", "entry": 100_000, "leverage": 10}


def add_market(api: FastAPI, app: App) -> None:
    """Registers the routes."""

    @api.get("/v1/metrics", tags=["market"])
    async def metrics() -> list[MetricDescription]:
        """Every metric with its formula, its parameters and questions it answers."""
        return [described_metric(metric) for metric in app.market.metrics().values()]

    @api.get("/v1/metrics/{name}", tags=["market"], responses=_shown("reading"))
    async def metric(
        name: Annotated[str, Path(examples=["max_drawdown"])],
        asset: Annotated[
            str | None, Query(description="Base symbol such as BTC, or ALL for the market.", examples=["BTC"])
        ] = None,
        window: Annotated[
            str | None, Query(description="How far to look back: 90m, 24h, 7d.", examples=["24h"])
        ] = None,
        as_of: Annotated[
            Moment | None,
            Query(description="Read as of this moment instead of now.", examples=["2025-11-04T21:00:00Z"]),
        ] = None,
        param: Annotated[
            list[str] | None,
            Query(description="A parameter as key=value; may be repeated.", examples=[["basis=touch"]]),
        ] = None,
    ) -> Reading:
        """One reading, computed now or as of a moment."""
        span: timedelta | None = None if window is None else duration_of(window)
        return await asyncio.to_thread(app.market.read, name, asset, span, as_of, _params(param or []))

    @api.get("/v1/readings", tags=["market"])
    async def readings(
        asset: Annotated[
            str, Query(description="Base symbol, for the readings that speak of one asset.", examples=["BTC"])
        ] = "BTC",
        window: Annotated[str, Query(description="How far to look back: 90m, 24h, 7d.", examples=["24h"])] = "24h",
        as_of: Annotated[
            Moment | None,
            Query(description="Read as of this moment instead of now.", examples=["2025-11-04T21:00:00Z"]),
        ] = None,
    ) -> Readings:
        """What says how the market is doing, as one set: price, falls, liquidations, market value, funding, mood."""
        return await asyncio.to_thread(_together, app.market, dashboard(asset, duration_of(window)), as_of)

    @api.get("/v1/feeds", tags=["market"])
    async def feeds() -> list[FeedStatus]:
        """Every live feed that was ever asked: how it is doing, how old its newest row is, and why it last failed."""
        return list(await asyncio.to_thread(app.market.feeds))

    @api.get("/v1/calculators", tags=["market"])
    async def calculators() -> list[CalculatorDescription]:
        """Every calculator with its inputs."""
        return [described_calculator(calculator) for calculator in CALCULATORS.values()]

    @api.post("/v1/calculators/{name}", tags=["market"], responses=_shown("calculation"))
    async def calculation(
        name: Annotated[str, Path(examples=["liquidation-price"])],
        inputs: Annotated[
            dict[str, Number | str],
            Body(
                description="The inputs that `/v1/calculators` lists for it; rates are fractions, prices USD.",
                openapi_examples={"liquidation-price": {"value": _LONG}},
            ),
        ],
    ) -> Calculation:
        """A number worked out from your inputs, with the formula filled in and what was assumed."""
        if name not in CALCULATORS:
            raise UnknownCalculator(name, CALCULATORS)
        return calculate(name, inputs)


def _params(pairs: list[str]) -> dict[str, str]:
    params = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise InvalidInput(f"param is '{pair}'; write key=value, such as level=95000")
        params[key.strip()] = value.strip()
    return params


def _together(market: Market, wanted: Sequence[Wanted], as_of: datetime | None) -> Readings:
    at = market.now() if as_of is None else as_of
    told = market.readings(wanted, at)
    for one in told:
        # What was asked wrongly is said once, not for each metric.
        if isinstance(one, (UnknownAsset, InvalidInput)):
            raise one
    return Readings(
        as_of=at,
        readings=tuple(one for one in told if isinstance(one, Reading)),
        unread=tuple(
            Unread(metric=asked.name, reason=str(one))
            for asked, one in zip(wanted, told, strict=True)
            if isinstance(one, MarketError)
        ),
    )


def _shown(name: str) -> dict[int | str, dict[str, object]]:
    return {200: {"content": {"application/json": {"example": example(name)}}}}
