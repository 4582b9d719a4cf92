"""Metrics of one asset's price now and over a window."""

from typing import TYPE_CHECKING, Literal

from market.metrics.registry import BASIS, LEVEL, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View


@metric(
    title="Price",
    description="The latest known price of an asset: the close of its newest closed candle.",
    unit="USD",
    formula="close of the newest closed candle",
    filled="{value:price} at {known_at:moment}",
    formula_source="definition",
    sentence="{asset} traded at {value}",
    examples=(
        "What is the price of bitcoin?",
        "how much is BTC right now",
        "current ETH price",
        "where is bitcoin trading",
        "what's btc at",
        "what was the price of ether at that moment",
    ),
    table="candles",
    span="moment",
)
def price(view: "View") -> "ir.Table":
    """The newest close among the candles recent enough to stand for the as-of moment."""
    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    return newest.select("known_at", value=newest.close, rows=1)


@metric(
    title="Price change",
    description="How far the price moved over a window, as a fraction of the price at its start.",
    unit="fraction",
    formula="last close/close at the start of the window - 1",
    filled="{last:price}/{first:price} - 1; closes of {last_at:moment} and {first_at:moment}",
    formula_source="definition",
    sentence="{asset} changed by {value} over {window}",
    examples=(
        "How much did bitcoin move in the last 24 hours?",
        "how much did bitcoin move over 7 days",
        "how far did BTC fall today",
        "is ethereum up or down over the past week",
        "what's the 24h change of eth",
        "how much has btc dropped since yesterday",
        "bitcoin performance over the last 12 hours",
    ),
    table="candles",
    span="change",
)
def change(view: "View") -> "ir.Table":
    """The newest close against the last close known when the window began."""
    both = _first_and_last(view)
    return both.mutate(value=both["last"] / both["first"] - 1, rows=2)


@metric(
    title="Price change in USD",
    description="How many USD the price moved over a window.",
    unit="USD",
    formula="last close - close at the start of the window",
    filled="{last:price} - {first:price}; closes of {last_at:moment} and {first_at:moment}",
    formula_source="definition",
    sentence="{asset} changed by {value} over {window}",
    examples=(
        "How many dollars did bitcoin move in the last 24 hours?",
        "BTC change in USD today",
        "by how many dollars did ether fall",
        "price change in dollars over the week",
        "how much did btc drop in dollar terms",
    ),
    table="candles",
    span="change",
)
def change_in_usd(view: "View") -> "ir.Table":
    """The same two closes as `change`, subtracted."""
    both = _first_and_last(view)
    return both.mutate(value=both["last"] - both["first"], rows=2)


@metric(
    title="Highest price of the window",
    description="The highest price an asset touched within a window.",
    unit="USD",
    formula="highest high of the window's candles (touch) or highest close (close)",
    filled="{value:price} at {known_at:moment}",
    formula_source="definition",
    sentence="the highest price of {asset} over {window} was {value}",
    examples=(
        "What was bitcoin's high in the last 24 hours?",
        "how high did BTC get today",
        "24h high of eth",
        "the peak price of bitcoin over the past day",
        "highest price of ether this week",
    ),
    table="candles",
    span="window",
    parameters=(BASIS.with_default("touch"),),
)
def window_high(view: "View") -> "ir.Table":
    """The first candle that reached the highest high, or the highest close, of the window."""
    return _extreme(view, "high")


@metric(
    title="Lowest price of the window",
    description="The lowest price an asset touched within a window.",
    unit="USD",
    formula="lowest low of the window's candles (touch) or lowest close (close)",
    filled="{value:price} at {known_at:moment}",
    formula_source="definition",
    sentence="the lowest price of {asset} over {window} was {value}",
    examples=(
        "What was bitcoin's low in the last 24 hours?",
        "how low did BTC go today",
        "did bitcoin break below 100k in the last day",
        "24h low of eth",
        "the bottom of the crash in the past 24 hours",
        "lowest price of ether this week",
    ),
    table="candles",
    span="window",
    parameters=(BASIS.with_default("touch"),),
)
def window_low(view: "View") -> "ir.Table":
    """The first candle that reached the lowest low, or the lowest close, of the window."""
    return _extreme(view, "low")


@metric(
    title="Distance to a price level",
    description="How far the price has to move to reach a level, as a fraction of it; negative for a level below.",
    unit="fraction",
    formula="level/price - 1",
    filled="{level:price}/{last:price} - 1; close of {known_at:moment}",
    formula_source="definition",
    sentence="{asset} is {value} away from the level asked about",
    examples=(
        "How far is bitcoin from 100,000?",
        "distance to 95k",
        "how much would BTC have to fall to hit 90000",
        "how close is ETH to 3000",
        "how many percent until bitcoin touches 98,000",
        "is btc near the 100k support",
    ),
    table="candles",
    span="moment",
    parameters=(LEVEL,),
)
def distance_to_level(view: "View") -> "ir.Table":
    """The level over the newest close. Without a level: the price with all digits but the first set to zero."""
    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    newest = newest.mutate(level=level_of(view, newest.close))
    return newest.select("known_at", "level", value=newest.level / newest.close - 1, last=newest.close, rows=1)


def _first_and_last(view: "View") -> "ir.Table":
    last, first = view.window, view.before
    last = last.order_by(last.known_at.desc()).limit(1).select(last=last.close, last_at=last.known_at)
    first = first.order_by(first.known_at.desc()).limit(1).select(first=first.close, first_at=first.known_at)
    return last.cross_join(first)


def _extreme(view: "View", touched: Literal["high", "low"]) -> "ir.Table":
    """The first candle of the window with the highest high, or close, or the lowest low, or close."""
    rows = view.window
    candles = rows.mutate(value=rows[touched] if view.choice("basis") == "touch" else rows.close, rows=rows.count())
    first = candles.value.desc() if touched == "high" else candles.value
    return candles.order_by(first, candles.known_at).limit(1).select("value", "rows", "known_at")


def level_of(view: "View", close: "ir.FloatingColumn") -> "ir.FloatingValue":
    """The level asked about; without one, `close` with all digits but the first set to zero."""
    if view.given("level"):
        return view.number("level")
    # A close on the round number itself would be at distance zero from it; that is what it is.
    unit = 10.0 ** close.log10().floor()
    return (close / unit).floor() * unit
