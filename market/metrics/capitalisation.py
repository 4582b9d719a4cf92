"""Metrics of the whole market's value."""

from typing import TYPE_CHECKING

from market.metrics.registry import metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

_SOURCE = "https://decrypthos.com/question/how-is-crypto-market-capitalization-calculated"


@metric(
    title="Total market value",
    description="The total market capitalisation of all crypto assets: price times circulating supply, added up.",
    unit="USD",
    formula="sum over assets of price * circulating supply, as published by the source",
    filled="{value:usd} at {known_at:moment}",
    formula_source=_SOURCE,
    sentence="the total crypto market was worth {value}",
    examples=(
        "What is the total crypto market cap?",
        "how big is the whole crypto market right now",
        "total market capitalisation",
        "what is crypto worth altogether",
        "market cap of all coins",
    ),
    table="market_cap",
    span="moment",
    scope="market",
)
def market_cap(view: "View") -> "ir.Table":
    """The newest sample recent enough to stand for the as-of moment."""
    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    return newest.select("known_at", value=newest.usd, rows=1)


@metric(
    title="Change of total market value",
    description="How much value the whole crypto market gained or lost over a window, in USD.",
    unit="USD",
    formula="total at the end of the window - total at its start",
    filled="{last:usd} - {first:usd} ({share:share}); samples of {last_at:moment} and {first_at:moment}",
    formula_source=_SOURCE,
    sentence="the total crypto market value changed by {value} over {window}",
    examples=(
        "How much market value was wiped out in 24 hours?",
        "how many billions did crypto lose today",
        "change in total market cap",
        "how much did the crypto market shrink since yesterday",
        "market cap lost over the past day",
    ),
    table="market_cap",
    span="change",
    scope="market",
)
def market_cap_change(view: "View") -> "ir.Table":
    """The newest sample less the last one known when the window began."""
    last, first = view.window, view.before
    last = last.order_by(last.known_at.desc()).limit(1).select(last=last.usd, last_at=last.known_at)
    first = first.order_by(first.known_at.desc()).limit(1).select(first=first.usd, first_at=first.known_at)
    both = last.cross_join(first)
    return both.mutate(value=both["last"] - both["first"], share=both["last"] / both["first"] - 1, rows=2)


@metric(
    title="Largest hourly drop of total market value",
    description="The most value the whole crypto market lost within any hour of a window, in USD.",
    unit="USD",
    formula="max over t of (highest total in the hour up to t) - total_t",
    filled="{peak:usd} - {trough:usd}; the hour up to {trough_at:moment}",
    formula_source=_SOURCE,
    sentence="the most the crypto market lost within an hour over {window} was {value}",
    examples=(
        "What was the largest hourly market cap drop?",
        "how much value vanished in one hour",
        "biggest one-hour loss of the crypto market",
        "how many billions were wiped out in an hour",
        "worst hour of the crash by market value",
    ),
    table="market_cap",
    span="window",
    scope="market",
    least_rows=2,
)
def market_cap_largest_hourly_drop(view: "View") -> "ir.Table":
    """Any 60 minutes count, not clock hours; both ends of the drop lie within the window."""
    import ibis

    rows = view.window
    hour = ibis.range_window(preceding=ibis.interval(hours=1), following=0, order_by=rows.known_at)
    walked = rows.select("known_at", "usd", peak=rows.usd.max().over(hour), rows=rows.count())
    walked = walked.mutate(value=walked.peak - walked.usd)
    worst = walked.order_by(walked.value.desc(), walked.known_at).limit(1)
    return worst.select("value", "rows", "peak", trough=worst.usd, trough_at=worst.known_at)
