"""Metrics of the perpetual market's size and of its price against spot: open interest and basis."""

from typing import TYPE_CHECKING

from market.metrics.registry import Parameter, metric

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from market.view import View

_SOURCE = "https://resources.intotheblock.com/indicators/derivatives/futures/openinterest"

_MEASURE = Parameter(
    name="measure",
    meaning="usd: value in USD, which also moves with the price; coins: number of coins",
    default="usd",
    choices=("usd", "coins"),
)


@metric(
    title="Open interest",
    description="The value of all open contracts of one venue's perpetual, each counted once.",
    unit="USD",
    formula="open contracts in coins * price, as published by the venue",
    filled="{value:usd} ({coins:plain} coins) in {symbol} at {ts_utc:moment}",
    formula_source=_SOURCE,
    sentence="open interest in {asset} perpetuals was {value}",
    examples=(
        "What is bitcoin's open interest?",
        "BTC open interest right now",
        "current OI in USD",
        "open interest of eth perps",
        "how much open interest is there at the moment",
    ),
    table="open_interest",
    span="moment",
)
def open_interest(view: "View") -> "ir.Table":
    """The newest sample of one venue; venues are not added up, as no reading mixes sources."""
    newest = view.recent.order_by(view.recent.known_at.desc()).limit(1)
    return newest.select("ts_utc", "symbol", value=newest.open_interest_usd, coins=newest.open_interest_coins, rows=1)


@metric(
    title="Change of open interest",
    description="How far open interest moved over a window, as a fraction of what it was at its start.",
    unit="fraction",
    formula="open interest at the end of the window/open interest at its start - 1",
    filled="{last:plain}/{first:plain} - 1; samples of {last_at:moment} and {first_at:moment}",
    formula_source=_SOURCE,
    sentence="open interest in {asset} perpetuals changed by {value} over {window}",
    examples=(
        "How much did open interest fall in the last 24 hours?",
        "change in BTC open interest",
        "how much open interest was wiped out",
        "did OI drop during the crash",
        "open interest change over the past week",
    ),
    table="open_interest",
    span="change",
    parameters=(_MEASURE,),
)
def open_interest_change(view: "View") -> "ir.Table":
    """The newest sample against the last one known when the window began."""
    column = "open_interest_coins" if view.choice("measure") == "coins" else "open_interest_usd"
    last, first = view.window, view.before
    last = last.order_by(last.known_at.desc()).limit(1).select(last=last[column], last_at=last.known_at)
    first = first.order_by(first.known_at.desc()).limit(1).select(first=first[column], first_at=first.known_at)
    both = last.cross_join(first)
    return both.mutate(value=both["last"] / both["first"].nullif(0.0) - 1, rows=2)


@metric(
    title="Basis",
    description="How far an asset's perpetual trades above (positive) or below its spot price, as a fraction.",
    unit="fraction",
    formula="perpetual/spot - 1",
    filled="{perpetual:price}/{spot:price} - 1; closes of {known_at:moment}",
    formula_source="definition",
    sentence="{asset} perpetuals stood {value} from the spot price",
    examples=(
        "What is the basis between the perp and spot?",
        "is the bitcoin perpetual trading below spot",
        "perp premium over spot price",
        "BTC futures discount to spot",
        "basis of eth perpetuals",
    ),
    table="candles",
    span="moment",
    instrument="perpetual",
    companion="spot",
    empty="no candle of the perpetual and of spot closed at the same moment",
)
def basis(view: "View") -> "ir.Table":
    """The newest moment at which candles of both closed."""
    perpetual = view.recent.select("known_at", perpetual=view.recent.close)
    spot = view.companion.recent.select(spot_at=view.companion.recent.known_at, spot=view.companion.recent.close)
    both = perpetual.join(spot, perpetual.known_at == spot.spot_at)
    newest = both.order_by(both.known_at.desc()).limit(1)
    return newest.select("known_at", "perpetual", "spot", value=newest.perpetual / newest.spot - 1, rows=2)
