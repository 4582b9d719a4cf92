"""Metrics of positions closed by force. Totals are of notional closed, not of what traders lost."""

from typing import TYPE_CHECKING, Literal

from market.metrics.registry import metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

STREAMS = "https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Liquidation-Order-Streams"


@metric(
    title="Liquidations",
    description="USD value of all leveraged positions closed by force within a window, longs and shorts together.",
    unit="USD",
    formula="sum of the USD value of all liquidations in the window",
    filled="{longs:usd} longs + {shorts:usd} shorts, {rows:count} events",
    formula_source=STREAMS,
    sentence="{value} of {asset} positions were liquidated over {window}",
    examples=(
        "How much was liquidated in the last 24 hours?",
        "total liquidations today",
        "how many dollars of positions got rekt",
        "BTC liquidations past 24h",
        "how big were the liquidations",
        "liquidation volume over the last hour",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def liquidations_total(view: "View") -> "ir.Table":
    """Both sides of the window, added up."""
    sides = both_sides(view)
    return sides.mutate(value=(sides.longs + sides.shorts).round(2))


@metric(
    title="Long liquidations",
    description="USD value of long positions closed by force within a window.",
    unit="USD",
    formula="sum of the USD value of the window's liquidations of long positions",
    filled="{value:usd} of {total:usd} in all, {rows:count} events",
    formula_source=STREAMS,
    sentence="{value} of long {asset} positions were liquidated over {window}",
    examples=(
        "How many longs were liquidated?",
        "what about the long side in the last 24 hours",
        "long liquidations in the last 24 hours",
        "how much did the longs lose in forced closes today",
        "USD value of liquidated long positions",
        "btc longs rekt past day",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def liquidations_long(view: "View") -> "ir.Table":
    """The window's long side."""
    return _side(view, "longs")


@metric(
    title="Short liquidations",
    description="USD value of short positions closed by force within a window.",
    unit="USD",
    formula="sum of the USD value of the window's liquidations of short positions",
    filled="{value:usd} of {total:usd} in all, {rows:count} events",
    formula_source=STREAMS,
    sentence="{value} of short {asset} positions were liquidated over {window}",
    examples=(
        "How many shorts were liquidated?",
        "what about the short side in the last 24 hours",
        "short liquidations in the last 24 hours",
        "were any shorts squeezed today",
        "USD value of liquidated short positions",
        "btc shorts rekt past day",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def liquidations_short(view: "View") -> "ir.Table":
    """The window's short side."""
    return _side(view, "shorts")


@metric(
    title="Largest single liquidation",
    description="USD value of the largest single position closed by force within a window.",
    unit="USD",
    formula="largest USD value of one liquidation in the window",
    filled="{value:usd}: a {side} in {symbol} on {exchange} at {known_at:moment}",
    formula_source=STREAMS,
    sentence="the largest single liquidation of {asset} positions over {window} was {value}",
    examples=(
        "What was the largest single liquidation?",
        "biggest position liquidated in the last 24 hours",
        "largest liquidation order today",
        "who got liquidated the hardest",
        "size of the biggest forced close",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def liquidations_largest(view: "View") -> "ir.Table":
    """The first of the largest events of the window."""
    rows = view.window
    top = rows.order_by(rows.usd.desc(), rows.known_at, rows.symbol).limit(1)
    top = top.select("side", "symbol", "exchange", "known_at", value=top.usd)
    return top.cross_join(rows.aggregate(rows=rows.count()))


@metric(
    title="Share of longs among liquidations",
    description="Which part of the liquidated USD value was long positions, within a window.",
    unit="fraction",
    formula="long liquidations/all liquidations",
    filled="{longs:usd}/{total:usd}",
    formula_source="definition",
    sentence="longs were {value} of the {asset} positions liquidated over {window}",
    examples=(
        "What share of the liquidations were longs?",
        "long vs short liquidations",
        "were mostly longs or shorts liquidated",
        "percentage of longs among the liquidated positions",
        "who got hit harder, longs or shorts",
    ),
    table="liquidations",
    span="window",
    scope="either",
)
def long_share(view: "View") -> "ir.Table":
    """By USD value, not by number of positions."""
    sides = both_sides(view)
    total = sides.longs + sides.shorts
    return sides.mutate(total=total, value=sides.longs / total)


@metric(
    title="Asset with the most liquidations",
    description="The asset whose positions were liquidated most within a window, with the USD value.",
    unit="USD",
    formula="largest, over assets, of the summed USD value of the window's liquidations",
    filled="{asset}: {value:usd} of {total:usd} in all ({share:share})",
    formula_source="definition",
    sentence="{asset} had the most liquidated positions over {window}, worth {value}",
    examples=(
        "Which coin had the most liquidations?",
        "which asset was liquidated the most today",
        "top liquidated coin in the last 24 hours",
        "what got rekt the most, btc or eth",
        "liquidations by asset, who leads",
    ),
    table="liquidations",
    span="window",
    scope="market",
)
def liquidations_top_asset(view: "View") -> "ir.Table":
    """The reading's asset is the one found; ties go to the first by name."""
    import ibis

    rows = view.window
    sums = rows.group_by("asset").aggregate(value=rows.usd.sum().round(2), events=rows.count())
    everything = ibis.window()
    sums = sums.mutate(total=sums.value.sum().over(everything).round(2), rows=sums.events.sum().over(everything))
    top = sums.order_by(sums.value.desc(), sums.asset).limit(1)
    return top.select("asset", "value", "total", "rows", share=top.value / top.total)


def _side(view: "View", side: Literal["longs", "shorts"]) -> "ir.Table":
    sides = both_sides(view)
    return sides.mutate(value=sides[side], total=sides.longs + sides.shorts)


def both_sides(view: "View") -> "ir.Table":
    """USD of the window's longs and shorts, to the cent: the last digits of a sum depend on how threads add it up."""
    rows = view.window
    return rows.aggregate(
        longs=rows.usd.sum(where=rows.side == "long").fill_null(0.0).round(2),
        shorts=rows.usd.sum(where=rows.side == "short").fill_null(0.0).round(2),
        rows=rows.count(),
    )
