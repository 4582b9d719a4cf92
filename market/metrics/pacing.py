"""Metrics of how fast positions are closed by force: rates, hours, and how unusual the last hour is."""

from typing import TYPE_CHECKING

from market.metrics.liquidations import STREAMS, both_sides
from market.metrics.registry import Parameter, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

_HOUR = 3_600_000_000
"""Microseconds: moments are stored to the microsecond."""


@metric(
    title="Liquidations per hour",
    description="USD value of positions closed by force in an average hour of a window.",
    unit="USD",
    formula="sum of the USD value of the window's liquidations/hours of the window",
    filled="{total:usd}/{hours:plain}, {rows:count} events",
    formula_source=STREAMS,
    sentence="{value} of {asset} positions were liquidated in an average hour of {window}",
    examples=(
        "How much was liquidated per hour?",
        "liquidations per hour on average",
        "average hourly liquidations over the last day",
        "at what rate are positions being liquidated",
        "hourly pace of BTC liquidations",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def liquidations_per_hour(view: "View") -> "ir.Table":
    """Hours without any count as well."""
    found = both_sides(view)
    total, hours = (found.longs + found.shorts).round(2), view.number("window_seconds") / 3_600
    return found.mutate(total=total, hours=hours, value=total / hours)


@metric(
    title="Hour with the most liquidations",
    description="USD value of positions closed by force in the worst clock hour (UTC) of a window, and which it was.",
    unit="USD",
    formula="largest, over clock hours, of the summed USD value of the window's liquidations",
    filled="{value:usd} ({longs:usd} longs) in the hour from {hour:moment}",
    formula_source=STREAMS,
    sentence="the hour with the most liquidations of {asset} positions over {window} saw {value}",
    examples=(
        "Which hour had the most liquidations?",
        "largest hour of liquidations in the last 24 hours",
        "when were most positions liquidated today",
        "peak hourly liquidations of the crash",
        "worst hour for BTC liquidations",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def liquidations_largest_hour(view: "View") -> "ir.Table":
    """Hours cut by an edge of the window count as far as they lie in it; of equal ones the first."""
    import ibis

    rows = view.window
    hours = rows.group_by(hour=rows.known_at.truncate("h")).aggregate(
        value=rows.usd.sum().round(2),
        longs=rows.usd.sum(where=rows.side == "long").fill_null(0.0).round(2),
        events=rows.count(),
    )
    hours = hours.mutate(rows=hours.events.sum().over(ibis.window()))
    return hours.order_by(hours.value.desc(), hours.hour).limit(1).select("hour", "value", "longs", "rows")


@metric(
    title="Liquidations against their baseline",
    description=(
        "How many standard deviations the liquidations of the last hour lie above (positive) or below those of the "
        "hours before it in the window."
    ),
    unit="standard deviations",
    formula="(last hour - mean of the hours before)/their sample standard deviation",
    filled="({last:usd} - {mean:usd})/{deviation:usd}, over {hours:count} hours before",
    formula_source="definition",
    sentence="{asset} liquidations of the last hour lie {value} from their hourly mean over {window}",
    examples=(
        "Are liquidations unusually high right now?",
        "z-score of the last hour's liquidations",
        "is this level of liquidations normal",
        "how unusual are the liquidations compared with the baseline",
        "liquidations versus their average, in standard deviations",
    ),
    table="liquidations",
    span="window",
    scope="either",
    empty="the hours before the last one are too few, or all alike, so there is nothing to measure it by",
)
def liquidations_zscore(view: "View") -> "ir.Table":
    """Hours are counted back from the as-of moment. Hours without any are zero, back to the first that has one."""
    rows = view.window
    back = (_microseconds(view.as_of) - _microseconds(rows.known_at)) // _HOUR
    hours = rows.group_by(back=back.cast("int64")).aggregate(usd=rows.usd.sum(), events=rows.count())
    last, earlier = hours.back == 0, hours.back > 0
    found = hours.aggregate(
        last=hours.usd.sum(where=last).fill_null(0.0),
        total=hours.usd.sum(where=earlier),
        squares=(hours.usd * hours.usd).sum(where=earlier),
        hours=hours.back.max().cast("float64"),
        rows=hours.events.sum(),
    )
    found = found.mutate(mean=found.total / found.hours.nullif(0.0))
    spread = found.squares - found.hours * found["mean"] * found["mean"]
    found = found.mutate(variance=spread / (found.hours - 1).nullif(0.0))
    # Where the hours are alike, what is left of the difference is rounding.
    found = found.filter(found.variance > 1e-9 * found["mean"] * found["mean"])
    found = found.mutate(deviation=found.variance.sqrt())
    return found.mutate(value=(found["last"] - found["mean"]) / found.deviation)


@metric(
    title="Imbalance of liquidations",
    description="How one-sided liquidations were: 1 if only longs were closed by force, -1 if only shorts.",
    unit="from -1 to 1",
    formula="(long - short liquidations)/(long + short liquidations)",
    filled="({longs:usd} - {shorts:usd})/({longs:usd} + {shorts:usd})",
    formula_source="definition",
    sentence="the imbalance between long and short {asset} liquidations over {window} was {value}",
    examples=(
        "How one-sided were the liquidations?",
        "long short imbalance of liquidations",
        "liquidation imbalance today",
        "imbalance between long and short liquidations of btc",
        "how lopsided were the forced closes",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def liquidations_imbalance(view: "View") -> "ir.Table":
    """By USD value."""
    found = both_sides(view)
    return found.mutate(value=(found.longs - found.shorts) / (found.longs + found.shorts).nullif(0.0))


@metric(
    title="Liquidations at one venue",
    description="USD value of positions closed by force at one venue; without a name, at the venue with the most.",
    unit="USD",
    formula="sum over the venue's liquidations in the window of their USD value",
    filled="{exchange}{rank}: {value:usd} of {total:usd} in all ({share:share})",
    formula_source=STREAMS,
    sentence="{value} of {asset} positions were liquidated on {venue} over {window}",
    examples=(
        "Which exchange had the most liquidations?",
        "liquidations by exchange",
        "how much was liquidated on Bybit versus Binance",
        "liquidations by venue in the last 24 hours",
        "which venue liquidated the most positions",
    ),
    table="liquidations",
    span="window",
    scope="either",
    parameters=(Parameter(name="venue", meaning="name of the venue, such as Bybit", content="text"),),
    empty="none at that venue is in the window",
)
def liquidations_at_venue(view: "View") -> "ir.Table":
    """Capitals do not matter in the name; ties go to the first by name."""
    import ibis

    rows = view.window
    sums = rows.group_by("exchange").aggregate(value=rows.usd.sum().round(2), events=rows.count())
    everything = ibis.window()
    sums = sums.mutate(total=sums.value.sum().over(everything).round(2), rows=sums.events.sum().over(everything))
    named = view.given("venue")
    if named:
        sums = sums.filter(sums.exchange.lower() == view.text("venue").lower())
    top = sums.order_by(sums.value.desc(), sums.exchange).limit(1)
    rank = ibis.literal("" if named else ", the venue with the most")
    return top.select("exchange", "value", "total", "rows", rank=rank, share=top.value / top.total)


def _microseconds(moment: "ir.TimestampValue") -> "ir.IntegerValue":
    # Engines round to the second differently, so it is cut off first.
    return moment.truncate("s").epoch_seconds() * 1_000_000 + moment.microsecond() % 1_000_000
