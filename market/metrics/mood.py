"""Metrics of sentiment."""

from typing import TYPE_CHECKING

from market.metrics.registry import metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

BANDS = (
    ("Extreme Fear", 0, 26),
    ("Fear", 26, 47),
    ("Neutral", 47, 55),
    ("Greed", 55, 76),
    ("Extreme Greed", 76, 101),
)
"""Name of each class, where it begins, and where the next one does."""


def class_of(value: float) -> str:
    """The class of an index that was published without one.

    >>> class_of(25), class_of(26), class_of(100)
    ('Extreme Fear', 'Fear', 'Extreme Greed')
    """
    return next((name for name, _, end in BANDS if value < end), BANDS[-1][0])


@metric(
    title="Fear & Greed index",
    description="The daily Crypto Fear & Greed index, from 0 (extreme fear) to 100 (extreme greed).",
    unit="index",
    formula="index as published for the day",
    filled="{value:plain}{said}, dated {ts_utc:moment}",
    formula_source="https://worktoolz.com/?p=12666",
    sentence="the Fear & Greed index stood at {value}",
    examples=(
        "What is the Fear & Greed index?",
        "fear and greed right now",
        "how scared is the market",
        "is the market in extreme fear",
        "current crypto sentiment",
        "fear greed value today",
    ),
    table="sentiment",
    span="moment",
    scope="market",
)
def fear_greed(view: "View") -> "ir.Table":
    """The newest value published by the as-of moment; a day's value is known shortly after its midnight UTC."""
    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    said = newest.classification.isnull().ifelse("", " (" + newest.classification.fill_null("") + ")")
    return newest.select("ts_utc", value=newest["value"], said=said, rows=1)


@metric(
    title="Fear & Greed class",
    description="The word for the daily Crypto Fear & Greed index: extreme fear, fear, neutral, greed, extreme greed.",
    unit="class",
    formula="word published with the value; without one, by 0-25, 26-46, 47-54, 55-75, 76-100",
    filled="{value}, for {number:plain}, dated {ts_utc:moment}",
    formula_source="https://worktoolz.com/?p=12666",
    sentence="the Fear & Greed index stood at {value}",
    examples=(
        "Is sentiment fear or greed?",
        "which class is the fear and greed index in",
        "is it extreme fear or just fear",
        "fear and greed classification",
        "what mood is the market in by the index",
    ),
    table="sentiment",
    span="moment",
    scope="market",
)
def fear_greed_class(view: "View") -> "ir.Table":
    """The newest value's class. Publishers draw the bands a little differently, so their own word goes first."""
    import ibis

    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    value = newest["value"]
    word = ibis.cases(*((value < end, name) for name, _, end in BANDS[:-1]), else_=BANDS[-1][0])
    return newest.select("ts_utc", number=value, value=newest.classification.coalesce(word), rows=1)


@metric(
    title="Change of the Fear & Greed index",
    description="By how many points the daily Crypto Fear & Greed index moved over a window.",
    unit="points",
    formula="index at the end of the window - index at its start",
    filled="{last:plain} - {first:plain}; days of {last_day:moment} and {first_day:moment}",
    formula_source="definition",
    sentence="the Fear & Greed index changed by {value} over {window}",
    examples=(
        "How much did the Fear & Greed index fall?",
        "change in fear and greed over the last week",
        "has sentiment worsened since yesterday",
        "fear and greed compared with a week ago",
        "by how many points did the index drop",
    ),
    table="sentiment",
    span="change",
    scope="market",
)
def fear_greed_change(view: "View") -> "ir.Table":
    """The newest value less the one known when the window began."""
    last, first = view.window, view.before
    last = last.order_by(last.known_at.desc()).limit(1).select(last=last["value"], last_day=last.ts_utc)
    first = first.order_by(first.known_at.desc()).limit(1).select(first=first["value"], first_day=first.ts_utc)
    both = last.cross_join(first)
    return both.mutate(value=both["last"] - both["first"], rows=2)
