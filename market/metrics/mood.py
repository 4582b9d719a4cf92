"""Metrics of sentiment."""

from typing import TYPE_CHECKING

from market.metrics.registry import metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View


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
