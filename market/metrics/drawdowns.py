"""Metrics of how deep and how rough the fall is: highs, drawdowns and volatility."""

from typing import TYPE_CHECKING

from market.metrics.registry import BASIS, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

_SECONDS_PER_YEAR = 365 * 86_400
"""Crypto trades every day of the year, so a year has 365 trading days, not 252."""


@metric(
    title="Highest price in the stored history",
    description="The all-time high as far as the store knows: the highest close of an asset in the stored history.",
    unit="USD",
    formula="highest close (close) or highest high (touch) of the stored history",
    filled="{value:price}, candle of {ts_utc:moment}",
    formula_source="definition",
    sentence="the highest price of {asset} in the stored history is {value}",
    examples=(
        "What is bitcoin's all-time high?",
        "BTC ATH",
        "when did bitcoin peak",
        "highest price ever of ethereum",
        "what was the record price of btc",
    ),
    table="candles",
    span="history",
    parameters=(BASIS,),
)
def all_time_high(view: "View") -> "ir.Table":
    """The earliest of the highest closes, or highs, among all the source's candles."""
    return _peak(view)


@metric(
    title="Drawdown from the all-time high",
    description="How far the price stands below its highest close in the stored history, as a fraction of that high.",
    unit="fraction",
    formula="1 - close/peak",
    filled="1 - {last:price}/{peak:price}; close of {last_at:moment}, peak of the candle of {peak_at:moment}",
    formula_source="https://calculator.academy/maximum-drawdown-calculator/",
    sentence="{asset} stands {value} below its highest price in the stored history",
    examples=(
        "How far is bitcoin below its all-time high right now?",
        "how much is BTC down from its peak",
        "drawdown of bitcoin",
        "how far off the ATH is ethereum",
        "percent below the record high",
        "how big is the crash from the top so far",
    ),
    table="candles",
    span="history",
    parameters=(BASIS,),
)
def drawdown_from_ath(view: "View") -> "ir.Table":
    """The newest close against the peak; never below zero, as that close is part of the history."""
    both = _under_the_peak(view)
    return both.mutate(value=1 - both["last"] / both["peak"])


@metric(
    title="Distance below the all-time high in USD",
    description="How many USD the price stands below its highest close in the stored history.",
    unit="USD",
    formula="peak - close",
    filled="{peak:price} - {last:price}; close of {last_at:moment}, peak of the candle of {peak_at:moment}",
    formula_source="definition",
    sentence="{asset} stands {value} below its highest price in the stored history",
    examples=(
        "How many dollars is bitcoin below its all-time high?",
        "distance to the ATH in dollars",
        "how many USD is BTC under its record",
        "dollar drawdown of ether from the top",
        "how much in USD is missing to the all-time high",
    ),
    table="candles",
    span="history",
    parameters=(BASIS,),
)
def drawdown_in_usd(view: "View") -> "ir.Table":
    """The same peak and close as `drawdown_from_ath`, subtracted."""
    both = _under_the_peak(view)
    return both.mutate(value=both["peak"] - both["last"])


@metric(
    title="Maximum drawdown",
    description="The deepest fall from a running peak to a later price within a window, as a fraction of that peak.",
    unit="fraction",
    formula="max over t of 1 - close_t/(highest close up to t)",
    filled="1 - {trough:price}/{peak:price}; peak at {peak_at:moment}, trough at {trough_at:moment}",
    formula_source="https://calculator.academy/maximum-drawdown-calculator/",
    sentence="the deepest fall of {asset} within {window} was {value}",
    examples=(
        "What was bitcoin's maximum drawdown in the last 24 hours?",
        "worst drop from top to bottom today",
        "max drawdown of ETH over 3 days",
        "how deep was the peak to trough fall",
        "largest decline of btc within the past day",
        "how bad was the worst fall in the window",
    ),
    table="candles",
    span="window",
    parameters=(BASIS,),
    least_rows=2,
)
def max_drawdown(view: "View") -> "ir.Table":
    """With basis=touch, lows are held against highs, and a candle's high is taken to come before its low."""
    return deepest_fall(view, touch=view.choice("basis") == "touch")


@metric(
    title="Realised volatility",
    description="How much the price swung within a window: standard deviation of log returns, scaled to a year.",
    unit="fraction",
    formula="sample standard deviation of ln(close_t/close_t-1) * sqrt(365 days/candle interval)",
    filled="{deviation:plain} * sqrt({periods:plain}), from {returns:count} returns",
    formula_source="https://chartinspect.com/charts/annualized-volatility",
    sentence="the annualised realised volatility of {asset} over {window} was {value}",
    examples=(
        "How volatile was bitcoin in the last 24 hours?",
        "realised volatility of BTC",
        "annualised vol of eth over the past week",
        "is the market more volatile than usual",
        "how wild were the price swings today",
    ),
    table="candles",
    span="window",
    least_rows=3,
)
def realised_volatility(view: "View") -> "ir.Table":
    """Returns across a gap in the candles are left out: they span more than one interval."""
    import ibis

    rows = view.window
    ordered = ibis.window(order_by=rows.known_at)
    previous = rows.select(
        "known_at", "close", earlier=rows.close.lag().over(ordered), since=rows.known_at.lag().over(ordered)
    )
    seconds = previous.known_at.delta(previous.since, unit="second").cast("float64")
    steps = previous.mutate(
        step=(previous.close / previous.earlier).ln(), whole=seconds == view.number("interval_seconds")
    )
    found = steps.aggregate(
        rows=steps.count(),
        returns=steps.count(where=steps.whole),
        deviation=steps.step.std(how="sample", where=steps.whole),
    )
    found = found.mutate(periods=_SECONDS_PER_YEAR / view.number("interval_seconds"))
    return found.mutate(value=found.deviation * found.periods.sqrt())


def deepest_fall(view: "View", *, touch: bool = False) -> "ir.Table":
    """One row for the window: the fall as `value`, both its ends with their times, and how many rows there are."""
    import ibis

    rows = view.window
    so_far = ibis.window(order_by=rows.known_at, following=0)
    walked = rows.select(
        "known_at", top=rows.high if touch else rows.close, bottom=rows.low if touch else rows.close
    ).mutate(rows=ibis._.count(), peak=ibis._.top.max().over(so_far))
    # The time of the running peak is the last time it was set, so one pass finds both ends of the fall.
    set_at = ibis.ifelse(walked.top == walked.peak, walked.known_at, ibis.null("timestamp(6)"))
    walked = walked.mutate(set_at=set_at)
    walked = walked.mutate(peak_at=walked.set_at.max().over(so_far), value=1 - walked.bottom / walked.peak)
    worst = walked.order_by(walked.value.desc(), walked.known_at).limit(1)
    return worst.select("value", "rows", "peak", "peak_at", trough=worst.bottom, trough_at=worst.known_at)


def _under_the_peak(view: "View") -> "ir.Table":
    peak = _peak(view)
    peak = peak.select("rows", peak=peak.value, peak_at=peak.ts_utc)
    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    return newest.select(last=newest.close, last_at=newest.known_at).cross_join(peak)


def _peak(view: "View") -> "ir.Table":
    rows = view.history
    column = rows.high if view.choice("basis") == "touch" else rows.close
    top = rows.select("ts_utc", "known_at", value=column)
    top = top.order_by(top.value.desc(), top.known_at).limit(1)
    return top.select("value", "ts_utc").cross_join(rows.aggregate(rows=rows.count()))
