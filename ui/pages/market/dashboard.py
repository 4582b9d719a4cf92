"""What the Market page shows as of a moment: figures, what each says in words, and a question about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from knowledge.figures import Event
from market.durations import duration_of
from market.figures import (
    Mark,
    Picture,
    Theme,
    fear_and_greed,
    funding_and_open_interest,
    liquidations_by_side,
    market_value,
    price_and_drawdown,
)
from market.market import Market
from rag.phrasing import window_in_words
from ui.pages.rendering import render

WINDOWS = ("6h", "24h", "3d", "7d", "30d")
"""The windows that can be picked."""

PANELS = 5
"""How many figures `panels` gives."""


@dataclass(frozen=True)
class Look:
    """What is looked at: one asset over one window, as of a moment or, with None, of the clock's now."""

    asset: str
    window: str
    as_of: datetime | None
    theme: Theme

    @property
    def span(self) -> timedelta:
        return duration_of(self.window)


@dataclass(frozen=True)
class Panel:
    """What stands above a figure (its title and what data it shows), the figure, and below it words and a question."""

    above: str
    figure: Any
    below: str


def panels(market: Market, events: Sequence[Event], look: Look) -> list[Panel]:
    """Price and drawdown, liquidations, market value, funding with open interest, Fear & Greed; in that order."""
    asset, span, at, theme = look.asset, look.span, look.as_of, look.theme
    # The index is published once a day, so a day of it is one point.
    days = max(span, timedelta(days=3))
    lately = window_in_words(look.window)
    asked = (
        (
            price_and_drawdown(market, asset, span, at, marks=_marks(events), theme=theme),
            f"How far has {asset} fallen over the last {lately}?",
        ),
        (
            liquidations_by_side(market, asset, span, at, theme=theme),
            f"How much {asset} was liquidated in the last {lately}?",
        ),
        (market_value(market, span, at, theme=theme), "How did the total crypto market cap move in the last day?"),
        (funding_and_open_interest(market, asset, span, at, theme=theme), f"What is the funding rate of {asset}?"),
        (fear_and_greed(market, days, at, theme=theme), "What does the Fear & Greed index say now?"),
    )
    return [_panel(picture, question, at) for picture, question in asked]


def _panel(picture: Picture, question: str, as_of: datetime | None) -> Panel:
    moment = {"as_of": as_of.isoformat()} if as_of else {}
    address = f"/?{urlencode({'q': question, **moment})}"
    # The page sets title and origin in its own type above the figure, where they wrap and are read aloud.
    figure = picture.figure.update_layout(title=None, margin={"t": 36})
    below = render("market_below.html", picture=picture, question=question, address=address)
    return Panel(str(render("market_above.html", picture=picture)), figure, str(below))


def _marks(events: Sequence[Event]) -> list[Mark]:
    return [_mark(event) for event in events]


def _mark(event: Event) -> Mark:
    if event.lowest_at:
        return Mark(event.lowest_at, event.name)
    begins, ends = (datetime.combine(day, time(), UTC) for day in (event.start, event.end))
    return Mark(begins, event.name, until=ends + timedelta(days=1))
