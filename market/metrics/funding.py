"""Metrics of funding: what holders of a perpetual pay each other. A positive rate is paid by longs to shorts."""

from typing import TYPE_CHECKING

from market.metrics.registry import Parameter, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

_SOURCE = "https://gate.io/futures/introduction/funding-rate-history"

_SECONDS_PER_YEAR = 365 * 86_400


@metric(
    title="Funding rate",
    description="The newest funding rate of an asset's perpetual, for one settlement; positive: longs pay shorts.",
    unit="fraction",
    formula="rate of the newest settlement",
    filled="{value:plain} in {symbol} at {ts_utc:moment}",
    formula_source=_SOURCE,
    sentence="the newest funding rate of {asset} perpetuals was {value} for one settlement",
    examples=(
        "What is the funding rate of bitcoin?",
        "BTC funding right now",
        "current perp funding rate",
        "is funding positive or negative at the moment",
        "eth perpetual funding rate today",
    ),
    table="funding",
    span="moment",
)
def funding_rate(view: "View") -> "ir.Table":
    """The newest rate recent enough to stand for the as-of moment."""
    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    return newest.select("ts_utc", "symbol", value=newest.funding_rate, rows=1)


@metric(
    title="Average funding rate",
    description="The mean funding rate over the settlements of a window; positive: longs paid shorts.",
    unit="fraction",
    formula="mean of the window's funding rates",
    filled="{total:plain}/{rows:count}",
    formula_source=_SOURCE,
    sentence="the funding rate of {asset} perpetuals averaged {value} for each settlement over {window}",
    examples=(
        "What was the average funding rate over the last week?",
        "mean BTC funding in the past 7 days",
        "how high was funding on average before the crash",
        "average eth funding rate over 3 days",
        "typical funding rate lately",
    ),
    table="funding",
    span="window",
)
def funding_average(view: "View") -> "ir.Table":
    """Every settlement weighs the same."""
    rows = view.window
    found = rows.aggregate(total=rows.funding_rate.sum(), rows=rows.count())
    return found.mutate(value=found.total / found.rows)


@metric(
    title="Annualised funding",
    description="The average funding rate of a window times the settlements of a year, without compounding.",
    unit="fraction",
    formula="mean of the window's funding rates * settlements per year",
    filled="{mean:plain} * {yearly:plain}",
    formula_source=_SOURCE,
    sentence="funding of {asset} perpetuals over {window} comes to {value} a year",
    examples=(
        "What is bitcoin's annualised funding rate?",
        "funding per year on BTC perps",
        "annual funding cost of a perpetual",
        "funding APR of eth",
        "yearly rate longs pay in funding",
    ),
    table="funding",
    span="window",
    least_rows=2,
)
def funding_annualised(view: "View") -> "ir.Table":
    """The shortest step between two settlements of the window says how many there are in a year."""
    import ibis

    rows = view.window
    ordered = ibis.window(order_by=rows.known_at)
    steps = rows.select("funding_rate", "known_at", since=rows.known_at.lag().over(ordered))
    seconds = steps.known_at.epoch_seconds() - steps.since.epoch_seconds()
    found = steps.aggregate(mean=steps.funding_rate.mean(), step=seconds.min().cast("float64"), rows=steps.count())
    found = found.mutate(yearly=_SECONDS_PER_YEAR / found.step)
    return found.mutate(value=found["mean"] * found.yearly)


@metric(
    title="Funding paid",
    description="What a long position of constant value paid in funding over a window; negative: it was paid.",
    unit="USD",
    formula="notional * sum of the window's funding rates",
    filled="{notional:usd} * {total:plain}, over {rows:count} settlements",
    formula_source="https://docs.ebi.xyz/ebi.xyz-overview/trading/funding",
    sentence="a long of 10,000 USD in {asset} perpetuals paid {value} of funding over {window}",
    examples=(
        "How much funding did longs pay over the last day?",
        "what did holding a 10,000 USD long cost in funding this week",
        "funding paid by BTC longs in the past 7 days",
        "how much would I have paid in funding over 3 days",
        "total funding cost of holding an eth long",
    ),
    table="funding",
    span="window",
    parameters=(Parameter(name="notional", meaning="value of the position in USD", default="10000"),),
)
def funding_paid(view: "View") -> "ir.Table":
    """The position's value is taken as the same at every settlement; a short has the opposite sign."""
    rows = view.window
    found = rows.aggregate(total=rows.funding_rate.sum(), rows=rows.count()).mutate(notional=view.number("notional"))
    return found.mutate(value=found.notional * found.total)
