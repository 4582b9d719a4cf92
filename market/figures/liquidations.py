"""Positions closed by force in each hour of a window, longs and shorts apart."""

from datetime import datetime, timedelta
from typing import cast

import plotly.graph_objects as go

from market.behind import by_hour
from market.durations import duration_text
from market.errors import NoData
from market.figures.look import LOOKS, Theme
from market.figures.picture import Picture, framed, missing, time_axis, told
from market.figures.words import moment, usd
from market.market import Market
from market.series import aware

_HOUR_MILLISECONDS = 3_600_000


def liquidations_by_side(
    market: Market, asset: str | None, window: timedelta, as_of: datetime | None = None, *, theme: Theme = "light"
) -> Picture:
    """Stacked bars for each clock hour (UTC), from the rows that `liquidations_total` stands on; None: all assets."""
    what = f"{asset.upper()} liquidations" if asset and asset.upper() != "ALL" else "Liquidations"
    title = f"{what} per hour over {duration_text(window)}"
    try:
        behind = market.behind("liquidations_total", by_hour, asset, window, as_of)
    except NoData as error:
        return missing(title, as_of or market.now(), str(error), theme)
    look = LOOKS[theme]
    hours = [aware(row["hour"]) for row in behind.rows]
    longs = [cast("float", row["longs"]) for row in behind.rows]
    shorts = [cast("float", row["shorts"]) for row in behind.rows]
    figure = go.Figure()
    for name, values, colour, shape in (("Longs", longs, look.long, ""), ("Shorts", shorts, look.short, "/")):
        figure.add_bar(
            x=hours,
            y=values,
            name=name,
            marker={"color": colour, "pattern": {"shape": shape, "size": 5, "solidity": 0.35}},
            xperiod=_HOUR_MILLISECONDS,
            xperiodalignment="middle",
            hovertemplate="%{y:$,.0f}",
        )
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_yaxes(tickprefix="$", rangemode="tozero")
    time_axis(figure, window, behind.as_of)
    totals = [long + short for long, short in zip(longs, shorts, strict=True)]
    worst = totals.index(max(totals))
    total = sum(totals)
    summary = (
        f"{what} of {usd(total)} over {duration_text(window)}: {usd(sum(longs))} of longs "
        f"({sum(longs) / total:.1%}) and {usd(sum(shorts))} of shorts. The hour with the most began at "
        f"{moment(hours[worst])} and saw {usd(totals[worst])}."
    )
    return framed(figure, title, told(behind), summary, theme)
