"""Metrics that hold one thing against another: an asset against bitcoin, a window against an earlier one."""

from typing import TYPE_CHECKING

from market.metrics.drawdowns import deepest_fall
from market.metrics.registry import EARLIER, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View


@metric(
    title="Beta to bitcoin",
    description="How far an asset moved for each move of bitcoin within a window: 2 means twice as far.",
    unit="ratio",
    formula="sample covariance of the log returns of both/sample variance of bitcoin's",
    filled="{covariance:plain}/{variance:plain}, from {returns:count} returns",
    formula_source="definition",
    sentence="the beta of {asset} to bitcoin over {window} was {value}",
    examples=(
        "What is ethereum's beta to bitcoin?",
        "beta of ETH to BTC over the last week",
        "how strongly does eth move when bitcoin moves",
        "does eth amplify bitcoin's swings",
        "beta against bitcoin in the last 24 hours",
    ),
    table="candles",
    span="window",
    default_asset="ETH",
    companion="bitcoin",
    least_rows=4,
    empty="too few candles of both closed at the same moments, or bitcoin did not move",
)
def beta_to_bitcoin(view: "View") -> "ir.Table":
    """Returns over one candle interval, at the moments when candles of both closed."""
    found = _moments(view)
    return found.mutate(value=found.covariance / found.variance.nullif(0.0))


@metric(
    title="Correlation with bitcoin",
    description="How closely an asset's returns followed bitcoin's within a window: 1 in step, 0 not at all.",
    unit="ratio",
    formula="sample covariance of the log returns of both/product of their sample standard deviations",
    filled="{covariance:plain}/({deviation:plain} * {own_deviation:plain}), from {returns:count} returns",
    formula_source="definition",
    sentence="the correlation of {asset} with bitcoin over {window} was {value}",
    examples=(
        "How correlated is ethereum with bitcoin?",
        "correlation of ETH and BTC",
        "does eth move together with bitcoin",
        "eth btc correlation over the last week",
        "did everything fall together, how correlated were they",
    ),
    table="candles",
    span="window",
    default_asset="ETH",
    companion="bitcoin",
    least_rows=4,
    empty="too few candles of both closed at the same moments, or one of them did not move",
)
def correlation_with_bitcoin(view: "View") -> "ir.Table":
    """Returns over one candle interval, at the moments when candles of both closed."""
    found = _moments(view)
    found = found.mutate(deviation=found.variance.sqrt(), own_deviation=found.own_variance.sqrt())
    return found.mutate(value=found.covariance / (found.deviation * found.own_deviation).nullif(0.0))


@metric(
    title="Change against bitcoin",
    description="An asset's price change over a window less bitcoin's over the same window; negative: it did worse.",
    unit="fraction",
    formula="(last close/first close) - (bitcoin's last close/first close)",
    filled="{last:price}/{first:price} - {other_last:price}/{other_first:price}",
    formula_source="definition",
    sentence="the change of {asset} less that of bitcoin over {window} was {value}",
    examples=(
        "Did ethereum fall more than bitcoin?",
        "eth versus btc performance over the last day",
        "compare ETH and BTC in the crash",
        "did eth underperform bitcoin",
        "which fell harder, ether or bitcoin",
    ),
    table="candles",
    span="change",
    default_asset="ETH",
    companion="bitcoin",
)
def change_against_bitcoin(view: "View") -> "ir.Table":
    """Each change is between the newest close and the last close known when the window began."""
    own, other = _ends(view, ""), _ends(view.companion, "other_")
    both = own.cross_join(other)
    return both.mutate(value=both["last"] / both["first"] - both["other_last"] / both["other_first"], rows=4)


@metric(
    title="Drawdown against another window",
    description=(
        "How much deeper (positive) the largest fall of this window was than that of another window of the same "
        "length, by default the one just before."
    ),
    unit="fraction",
    formula="maximum drawdown of the window - maximum drawdown of the other window",
    filled="{now:share} - {then:share}; troughs at {now_at:moment} and {then_at:moment}",
    formula_source="https://calculator.academy/maximum-drawdown-calculator/",
    sentence="the deepest fall of {asset} over {window} less that of the window before was {value}",
    examples=(
        "Was this crash deeper than the one before?",
        "compare today's drawdown with yesterday's",
        "is this drop worse than the previous one",
        "how does this crash compare with the last one",
        "drawdown compared with the window before",
    ),
    table="candles",
    span="window",
    parameters=(EARLIER,),
    least_rows=2,
    empty="the other window holds too few candles of this source",
)
def drawdown_compared(view: "View") -> "ir.Table":
    """Both by closes, from the same source."""
    now, then = deepest_fall(view), deepest_fall(view.earlier)
    now = now.select(now="value", now_at="trough_at", now_rows="rows")
    then = then.filter(then.rows > 1).select(then="value", then_at="trough_at", then_rows="rows")
    both = now.cross_join(then)
    return both.mutate(value=both.now - both.then, rows=both.now_rows + both.then_rows)


@metric(
    title="Liquidations against another window",
    description=(
        "How many times as much was liquidated in this window as in another of the same length, by default the one "
        "just before."
    ),
    unit="x",
    formula="liquidations of the window/liquidations of the other window",
    filled="{now:usd}/{then:usd}",
    formula_source="definition",
    sentence="{asset} liquidations over {window} were {value} those of the window before",
    examples=(
        "Were there more liquidations than yesterday?",
        "compare liquidations with the day before",
        "liquidations today versus yesterday",
        "how many times more was liquidated than in the previous crash",
        "are liquidations rising or falling compared with before",
    ),
    table="liquidations",
    span="window",
    scope="either",
    parameters=(EARLIER,),
    empty="the other window holds no liquidations of this source",
)
def liquidations_compared(view: "View") -> "ir.Table":
    """By USD value, from the same source."""
    now, then = view.window, view.earlier.window
    now_sum = now.aggregate(now=now.usd.sum().round(2), now_rows=now.count())
    then_sum = then.aggregate(then=then.usd.sum().round(2), then_rows=then.count())
    both = now_sum.cross_join(then_sum)
    return both.mutate(value=both.now / both.then.nullif(0.0), rows=both.now_rows + both.then_rows)


def _moments(view: "View") -> "ir.Table":
    """Variances and covariance of the log returns of the asset and of bitcoin, and how many there are."""
    import ibis

    own = view.window.select("known_at", own=view.window.close)
    other = view.companion.window.select(other_at=view.companion.window.known_at, other=view.companion.window.close)
    both = own.join(other, own.known_at == other.other_at)
    ordered = ibis.window(order_by=both.known_at)
    steps = both.select(
        x=(both.other / both.other.lag().over(ordered)).ln(),
        y=(both.own / both.own.lag().over(ordered)).ln(),
        seconds=both.known_at.epoch_seconds() - both.known_at.lag().over(ordered).epoch_seconds(),
    )
    steps = steps.filter(steps.seconds == view.number("interval_seconds"))
    found = steps.aggregate(
        covariance=steps.x.cov(steps.y, how="sample"),
        variance=steps.x.var(how="sample"),
        own_variance=steps.y.var(how="sample"),
        returns=steps.count(),
    )
    return found.mutate(rows=found.returns * 2)


def _ends(view: "View", prefix: str) -> "ir.Table":
    last, first = view.window, view.before
    last = last.order_by(last.known_at.desc()).limit(1).select(**{f"{prefix}last": last.close})
    first = first.order_by(first.known_at.desc()).limit(1).select(**{f"{prefix}first": first.close})
    return last.cross_join(first)
