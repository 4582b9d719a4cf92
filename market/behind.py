"""The rows of a window that a reading stands on, with their origin: what a figure draws."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from market.query import Row
from market.reading import Mode

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View


class Behind(BaseModel):
    """`rows` in the order and the columns that were asked for; their times are UTC without a zone, as stored.

    `completeness` says how much of the window is there; what a reconstruction adds to that is left out.
    """

    model_config = ConfigDict(frozen=True)

    rows: Sequence[Row]
    asset: str
    window: timedelta
    as_of: datetime
    source: str
    mode: Mode
    interval: timedelta | None
    completeness: str


def closes(view: "View") -> "ir.Table":
    """When each candle closed, and where."""
    rows = view.window
    return rows.select("known_at", "close").order_by(rows.known_at)


def by_hour(view: "View") -> "ir.Table":
    """Start of each clock hour that has liquidations, USD of longs, USD of shorts."""
    rows = view.window
    sums = rows.group_by(hour=rows.known_at.truncate("h")).aggregate(
        longs=rows.usd.sum(where=rows.side == "long").fill_null(0.0),
        shorts=rows.usd.sum(where=rows.side == "short").fill_null(0.0),
    )
    return sums.order_by("hour")
