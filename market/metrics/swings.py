"""Metrics of single moves within a window: the sharpest drop, the worst hour and day, recovery, time below a level."""

from datetime import timedelta
from typing import TYPE_CHECKING

from market.metrics.drawdowns import deepest_fall
from market.metrics.prices import level_of
from market.metrics.registry import LEVEL, Parameter, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

_WITHIN = Parameter(name="within", meaning="how long the drop may take", default="1h", content="duration")
_SHARE = Parameter(name="share", meaning="part of the fall that is won back", default="1", content="share")


@metric(
    title="Largest drop within an hour",
    description="The most an asset's price fell within any hour (or another span) of a window, and when.",
    unit="fraction",
    formula="max over t of 1 - close_t/(highest close of the hour, or the span `within`, up to t)",
    filled="1 - {trough:price}/{peak:price}; from {peak_at:moment} to {trough_at:moment}",
    formula_source="definition",
    sentence="the largest drop of {asset} within an hour over {window} was {value}",
    examples=(
        "What was bitcoin's biggest drop within an hour?",
        "largest one hour fall of BTC in the last day",
        "how fast did the price crash",
        "steepest hourly decline of eth this week",
        "when did the price fall the most within an hour",
    ),
    table="candles",
    span="window",
    parameters=(_WITHIN,),
    least_rows=2,
    empty="the candles are coarser than the span the drop may take; give a longer one with the parameter within",
)
def largest_drop(view: "View") -> "ir.Table":
    """Any span of that length counts, not clock hours; both ends of the drop lie within the window."""
    import ibis

    rows = view.window
    # A span that holds a single close would call every fall nought.
    rows = rows.filter(view.number("interval_seconds") <= view.seconds("within"))
    span = ibis.range_window(preceding=view.interval("within"), following=0, order_by=rows.known_at)
    walked = rows.select("known_at", "close", peak=rows.close.max().over(span), rows=rows.count())
    walked = walked.mutate(value=1 - walked.close / walked.peak)
    worst = walked.order_by(walked.value.desc(), walked.known_at).limit(1)
    worst = worst.select("value", "rows", "peak", trough=worst.close, trough_at=worst.known_at)
    # When the peak was: the last close at that price within the span before the trough.
    tops = rows.select("known_at", "close").cross_join(worst.select(top="peak", until="trough_at"))
    tops = tops.filter(
        tops.close == tops.top, tops.known_at <= tops.until, tops.known_at >= tops.until - view.interval("within")
    )
    return worst.cross_join(tops.aggregate(peak_at=tops.known_at.max()))


@metric(
    title="Worst hour",
    description="The clock hour (UTC) of a window in which an asset's price changed for the worse by most.",
    unit="fraction",
    formula="min over clock hours of last close/first open - 1",
    filled="{last:price}/{first:price} - 1; the hour from {begins:moment}",
    formula_source="definition",
    sentence="the worst hour of {asset} within {window} brought a change of {value}",
    examples=(
        "What was bitcoin's worst hour?",
        "worst hour for BTC in the last 24 hours",
        "which hour was the worst for eth",
        "worst hourly candle of the crash",
        "in which hour did bitcoin lose the most",
    ),
    table="candles",
    span="window",
)
def worst_hour(view: "View") -> "ir.Table":
    """Hours cut by an edge of the window count as far as they lie in it."""
    return _worst(view, "h")


@metric(
    title="Worst day",
    description="The day (UTC) of a window on which an asset's price changed for the worse by most.",
    unit="fraction",
    formula="min over days of last close/first open - 1",
    filled="{last:price}/{first:price} - 1; the day of {begins:moment}",
    formula_source="definition",
    sentence="the worst day of {asset} within {window} brought a change of {value}",
    examples=(
        "What was bitcoin's worst day this month?",
        "worst day for BTC in the last 30 days",
        "which day was the worst for eth",
        "on which day did bitcoin lose the most this year",
        "worst daily return of btc",
    ),
    table="candles",
    span="window",
    default_window=timedelta(days=30),
)
def worst_day(view: "View") -> "ir.Table":
    """Days cut by an edge of the window count as far as they lie in it."""
    return _worst(view, "D")


@metric(
    title="Recovery time",
    description="How long after the deepest point of a window's largest fall the price was back where it fell from.",
    unit="hours",
    formula="time from the trough to the first close at or above trough + share*(peak - trough)",
    filled="from {trough:price} at {trough_at:moment} to {back:price} at {back_at:moment}; fell from {peak:price}",
    formula_source="definition",
    sentence="after its deepest fall within {window}, {asset} was back after {value}",
    examples=(
        "How long did bitcoin take to recover from the drop?",
        "recovery time of BTC after the crash",
        "how many hours until the price was back where it fell from",
        "when did eth regain what it lost",
        "how quickly did bitcoin bounce back",
    ),
    table="candles",
    span="window",
    parameters=(_SHARE,),
    least_rows=2,
    empty="within the window the price did not fall, or had not come back by the as-of time",
)
def recovery_time(view: "View") -> "ir.Table":
    """Over closes; with share=0.5 it is enough that half of the fall is won back."""
    fall = deepest_fall(view)
    fall = fall.filter(fall.value > 0).mutate(target=fall.trough + view.number("share") * (fall.peak - fall.trough))
    rows = view.window.select(back_at=view.window.known_at, back=view.window.close).cross_join(fall)
    # Peak and target may differ in the last digit where all of the fall is to be won back.
    reached = rows.filter(rows.back_at > rows.trough_at, rows.back >= rows.target * (1 - 1e-12))
    first = reached.order_by("back_at").limit(1)
    seconds = first.back_at.epoch_seconds() - first.trough_at.epoch_seconds()
    return first.select("rows", "peak", "trough", "trough_at", "back", "back_at", value=seconds.cast("float64") / 3_600)


@metric(
    title="Share of the fall won back",
    description="How much of a window's largest fall the price has won back by its end, as a fraction of the fall.",
    unit="fraction",
    formula="(last close - trough)/(peak - trough)",
    filled="({last:price} - {trough:price})/({peak:price} - {trough:price}); trough at {trough_at:moment}",
    formula_source="definition",
    sentence="{asset} has won back {value} of its deepest fall within {window}",
    examples=(
        "How much of the drop has bitcoin recovered?",
        "what part of the crash has been won back",
        "how far has BTC bounced from the low",
        "share of the losses regained so far",
        "has eth recovered half of the fall",
    ),
    table="candles",
    span="window",
    least_rows=2,
    empty="within the window the price did not fall",
)
def recovered_share(view: "View") -> "ir.Table":
    """Over closes; above 1 where the price stands higher than where it fell from."""
    fall = deepest_fall(view)
    rows = view.window
    newest = rows.order_by(rows.known_at.desc()).limit(1).select(last="close")
    both = fall.filter(fall.value > 0).drop("value").cross_join(newest)
    return both.mutate(value=(both["last"] - both.trough) / (both.peak - both.trough))


@metric(
    title="Time below a level",
    description="For how many hours of a window an asset's price closed below a level.",
    unit="hours",
    formula="candles that closed below the level * candle interval",
    filled="{below:count} of {rows:count} candles below {level:price}",
    formula_source="definition",
    sentence="{asset} spent {value} of {window} below the level asked about",
    examples=(
        "How long was bitcoin below 100,000?",
        "time BTC spent under 100k",
        "how many hours did eth trade below 3000",
        "for how long did the price stay under 95,000",
        "hours below 90k in the last day",
    ),
    table="candles",
    span="window",
    parameters=(LEVEL,),
)
def time_below_level(view: "View") -> "ir.Table":
    """By closes. Without a level: the round number below the first close of the window."""
    import ibis

    rows = view.window
    first = ibis.window(order_by=rows.known_at)
    levelled = rows.select("close", level=level_of(view, rows.close.first().over(first)))
    found = levelled.aggregate(
        below=levelled.count(where=levelled.close < levelled.level),
        rows=levelled.count(),
        level=levelled.level.min(),
    )
    return found.mutate(value=found.below.cast("float64") * view.number("interval_seconds") / 3_600)


@metric(
    title="Volume spike",
    description="How many times its usual volume an asset traded in the last hour, against the window before it.",
    unit="x",
    formula="mean volume of the candles of the last hour (or `within`)/mean volume of the window's candles before",
    filled="{recent:plain}/{usual:plain} coins per candle",
    formula_source="definition",
    sentence="in the last hour {asset} traded {value} its usual volume over {window}",
    examples=(
        "Is trading volume unusually high?",
        "volume spike in bitcoin",
        "how much higher than usual is BTC volume right now",
        "volume of the last hour versus average",
        "did volume surge during the sell-off",
    ),
    table="candles",
    span="window",
    parameters=(Parameter(name="within", meaning="what counts as recent", default="1h", content="duration"),),
    least_rows=2,
    empty="the source tells no volume, or there is none before the last hour",
)
def volume_spike(view: "View") -> "ir.Table":
    """Volume in coins."""
    rows = view.window
    recent = rows.known_at > view.as_of - view.interval("within")
    found = rows.aggregate(
        recent=rows.volume.mean(where=recent), usual=rows.volume.mean(where=~recent), rows=rows.count()
    )
    return found.mutate(value=found.recent / found.usual.nullif(0.0))


def _worst(view: "View", unit: str) -> "ir.Table":
    import ibis

    rows = view.window
    spans = rows.group_by(begins=rows.ts_utc.truncate(unit)).aggregate(
        first_at=rows.known_at.min(), last_at=rows.known_at.max(), candles=rows.count()
    )
    spans = spans.mutate(rows=spans.candles.sum().over(ibis.window()))
    ends = rows.select(opened_at="known_at", first="open")
    closes = rows.select(closed_at="known_at", last="close")
    both = spans.join(ends, spans.first_at == ends.opened_at)
    both = both.join(closes, both.last_at == closes.closed_at)
    both = both.mutate(value=both["last"] / both["first"] - 1)
    return both.order_by(both.value, both.begins).limit(1).select("begins", "first", "last", "rows", "value")
