"""Metrics of liquidation cascades: runs of minutes in which far more is closed by force than usual.

A cascade is a run of minutes that each see at least `times` the window's average USD per minute; runs no more
than ten calm minutes apart are one. Everything closed by force from its first to its last such minute is part of it.
"""

from typing import TYPE_CHECKING

from market.metrics.registry import Parameter, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

_PAUSE_MINUTES = 10
"""So many calm minutes at most lie inside a cascade; assumed."""

_LEAST_MINUTES = 3
"""A cascade has at least so many hot minutes: a single large order is none; assumed."""

_TIMES = Parameter(
    name="times", meaning="how many times the window's average rate a minute of a cascade sees", default="3"
)

_DEFINITION = (
    f"a cascade is a run of at least {_LEAST_MINUTES} minutes with `times` the window's average liquidations per "
    f"minute, over pauses of at most {_PAUSE_MINUTES} minutes"
)


@metric(
    title="Largest liquidation cascade",
    description=(
        "USD value closed by force in the largest cascade of a window, with its start, end, peak and price move. "
        f"By definition {_DEFINITION}."
    ),
    unit="USD",
    formula=f"largest sum of the USD value of a cascade's liquidations; {_DEFINITION}",
    filled=(
        "{value:usd} ({longs:usd} longs) from {begins:moment} to {ends:moment}, at its peak {peak:usd} in a minute, "
        "threshold {threshold:usd}; {priced} moved {moved:share}; {cascades:count} cascades in the window"
    ),
    formula_source="definition",
    sentence="the largest cascade of {asset} liquidations within {window} closed {value} of positions",
    examples=(
        "Was there a liquidation cascade?",
        "how big was the largest liquidation cascade",
        "when did the cascade of liquidations start and end",
        "biggest cascade in the last 24 hours",
        "how much was liquidated in the cascade itself",
    ),
    table="liquidations",
    span="window",
    scope="either",
    parameters=(_TIMES,),
    empty="no run of minutes in the window meets the definition of a cascade",
)
def cascade_largest(view: "View") -> "ir.Table":
    """The price move is between the first and the last liquidation of the asset, or of bitcoin, in the cascade."""
    import ibis

    runs, minutes = _cascades(view), _minutes(view)
    rows = view.window
    # A cascade is made of whole minutes: far fewer of them are joined than there are liquidations.
    joined = minutes.join(runs, (minutes.minute >= runs.begins) & (minutes.minute < runs.ends))
    sums = joined.group_by("begins", "ends", "peak", "threshold", "cascades").aggregate(
        value=joined.usd.sum().round(2), longs=joined.longs.sum().round(2)
    )
    best = sums.order_by(sums.value.desc(), sums.begins).limit(1)
    priced = view.priced
    inside = rows.filter(rows.asset == priced).cross_join(best)
    inside = inside.filter(inside.known_at >= inside.begins, inside.known_at < inside.ends)
    everything = ibis.window()
    inside = inside.select(
        "known_at",
        "price",
        first_at=inside.known_at.min().over(everything),
        last_at=inside.known_at.max().over(everything),
    )
    prices = inside.aggregate(
        first=inside.price.min(where=inside.known_at == inside.first_at),
        last=inside.price.min(where=inside.known_at == inside.last_at),
    )
    counted = rows.aggregate(rows=rows.count())
    found = best.cross_join(prices).cross_join(counted)
    return found.mutate(moved=found["last"] / found["first"] - 1, priced=priced)


@metric(
    title="Number of liquidation cascades",
    description=f"How many liquidation cascades a window holds. By definition {_DEFINITION}.",
    unit="count",
    formula=f"number of cascades; {_DEFINITION}",
    filled="{value:count}; threshold {threshold:usd} per minute, from {rows:count} events",
    formula_source="definition",
    sentence="{value} cascades of {asset} liquidations were found within {window}",
    examples=(
        "How many liquidation cascades were there?",
        "number of cascades in the last 24 hours",
        "count of liquidation cascades today",
        "how often did liquidations cascade this week",
        "how many waves of forced selling were there",
    ),
    table="liquidations",
    span="window",
    scope="either",
    parameters=(_TIMES,),
)
def cascades(view: "View") -> "ir.Table":
    """Nought where no minute stands out."""
    rows = view.window
    runs = _cascades(view)
    found = runs.aggregate(value=runs.count().cast("float64"))
    return found.cross_join(rows.aggregate(rows=rows.count(), threshold=_threshold(view, rows)))


def _cascades(view: "View") -> "ir.Table":
    """One row for each: when it begins, when its last minute is over, its busiest minute, and how many there are."""
    import ibis

    minutes = _minutes(view)
    limits = minutes.aggregate(threshold=_threshold(view, minutes))
    hot = minutes.cross_join(limits)
    hot = hot.filter(hot.usd >= hot.threshold)
    ordered = ibis.window(order_by=hot.minute)
    hot = hot.mutate(before=hot.minute.lag().over(ordered))
    apart = hot.minute.epoch_seconds() - hot.before.epoch_seconds()
    hot = hot.mutate(starts=ibis.ifelse(apart <= 60 * (_PAUSE_MINUTES + 1), 0, 1))
    hot = hot.mutate(run=hot.starts.sum().over(ibis.window(order_by=hot.minute, following=0)))
    runs = hot.group_by("run").aggregate(
        begins=hot.minute.min(),
        ends=hot.minute.max() + ibis.interval(minutes=1),
        peak=hot.usd.max(),
        threshold=hot.threshold.max(),
        minutes=hot.count(),
    )
    runs = runs.filter(runs.minutes >= _LEAST_MINUTES)
    return runs.mutate(cascades=runs.count().over(ibis.window()))


def _minutes(view: "View") -> "ir.Table":
    rows = view.window
    return rows.group_by(minute=rows.known_at.truncate("m")).aggregate(
        usd=rows.usd.sum(), longs=rows.usd.sum(where=rows.side == "long").fill_null(0.0)
    )


def _threshold(view: "View", rows: "ir.Table") -> "ir.FloatingScalar":
    return rows.usd.sum() * view.number("times") * 60 / view.number("window_seconds")
