"""The series behind the pictures: the same rows that readings stand on."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from market.query import Bound
from market.series import aware
from market.store import AnyStore
from market.view import View

if TYPE_CHECKING:
    import ibis.expr.types as ir


def path(store: AnyStore, values: Mapping[str, Bound]) -> list[tuple[datetime, float]]:
    """Closing time and close of the window's candles, in time order."""
    rows = store.rows("path", lambda: _path(View("candles", narrowed=True, params={})), values)
    return [(aware(row["known_at"]), cast("float", row["close"])) for row in rows]


def hourly(store: AnyStore, values: Mapping[str, Bound], *, narrowed: bool) -> list[tuple[datetime, float, float]]:
    """Start of each hour with liquidations in the window, USD of longs, USD of shorts, in time order."""
    view = View("liquidations", narrowed=narrowed, params={})
    rows = store.rows(("hourly", narrowed), lambda: _hourly(view), values)
    return [(aware(row["hour"]), cast("float", row["longs"]), cast("float", row["shorts"])) for row in rows]


def _path(view: View) -> "ir.Table":
    return view.window.select("known_at", "close").order_by("known_at")


def _hourly(view: View) -> "ir.Table":
    rows = view.window
    sums = rows.group_by(hour=rows.known_at.truncate("h")).aggregate(
        longs=rows.usd.sum(where=rows.side == "long").fill_null(0.0),
        shorts=rows.usd.sum(where=rows.side == "short").fill_null(0.0),
    )
    return sums.order_by("hour")
