"""Plotly figures of the rows that readings stand on. What they mean is told in words beside each of them."""

from market.figures.funding import funding_and_open_interest
from market.figures.ladder import liquidation_ladder
from market.figures.liquidations import liquidations_by_side
from market.figures.look import Theme
from market.figures.market_cap import market_value
from market.figures.picture import Mark, Picture
from market.figures.prices import price_and_drawdown
from market.figures.sentiment import fear_and_greed

__all__ = [
    "Mark",
    "Picture",
    "Theme",
    "fear_and_greed",
    "funding_and_open_interest",
    "liquidation_ladder",
    "liquidations_by_side",
    "market_value",
    "price_and_drawdown",
]
