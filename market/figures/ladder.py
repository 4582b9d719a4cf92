"""Where positions of more and more leverage would be liquidated, longs below the price and shorts above it."""

from collections.abc import Sequence
from datetime import datetime

import plotly.graph_objects as go

from market.calculation import Calculation
from market.calculators import calculate
from market.calculators.venues import venues
from market.errors import InvalidInput, NoData
from market.figures.look import LOOKS, Theme
from market.figures.picture import Picture, framed, missing
from market.figures.words import moment, origin, usd
from market.market import Market

LEVERAGES = (2, 3, 5, 10, 20, 50, 100)
_SIDES = ("short", "long")


def liquidation_ladder(
    market: Market,
    asset: str,
    venue: str,
    as_of: datetime | None = None,
    *,
    tiers: str | None = None,
    quantity: float = 1.0,
    leverages: Sequence[float] = LEVERAGES,
    theme: Theme = "light",
) -> Picture:
    """Isolated positions of `quantity` coins opened at the price as of the moment, by the rules of `venue`.

    `tiers` is the venue's table of maintenance tiers, as the calculator takes it; without one the calculator's
    assumed rate stands for it. A leverage that the tiers do not allow, or that liquidates at once, is left out and
    named. Raises InvalidInput for an unknown venue or a faulty table.
    """
    called = venues()[venue].name if venue in venues() else venue
    title = f"{asset.upper()} liquidation prices on {called}"
    try:
        price = market.read("price", asset, as_of=as_of)
    except NoData as error:
        return missing(title, as_of or market.now(), str(error), theme)
    entry = float(price.value)
    given: dict[str, float | str] = {"entry": entry, "quantity": quantity, "venue": venue}
    if tiers is not None:
        given["tiers"] = tiers
    found: dict[str, list[tuple[float, Calculation]]] = {side: [] for side in _SIDES}
    refused: list[str] = []
    for side in _SIDES:
        for leverage in leverages:
            try:
                found[side].append(
                    (leverage, calculate("liquidation-price", {**given, "side": side, "leverage": leverage}))
                )
            except InvalidInput as error:
                refused.append(f"{leverage:g}x {side}: {error}")
    worked = [calculation for side in _SIDES for _, calculation in found[side]]
    if not worked:
        raise InvalidInput(refused[0].partition(": ")[2])
    figure = _drawn(found, entry, theme)
    rule = "tiers as given" if tiers is not None else next(a for a in worked[0].assumptions if "rate" in a)
    shown = [
        f"opened at {usd(entry)}, {quantity:g} {price.asset}, isolated margin; {rule}",
        f"price as of {moment(price.as_of)}",
        origin(price.mode, price.source),
    ]
    if refused:
        left_out = ", ".join(one.partition(":")[0] for one in refused)
        shown.append(f"left out, as not allowed or liquidated at once: {left_out}")
    parts = [
        f"{leverage:g}x {side}: {usd(float(calculation.value))}, {float(calculation.value) / entry - 1:+.2%} away"
        for side in reversed(_SIDES)
        for leverage, calculation in found[side]
    ]
    return framed(figure, title, shown, f"Opened at {usd(entry)} on {called}. " + "; ".join(parts) + ".", theme)


def _drawn(found: dict[str, list[tuple[float, Calculation]]], entry: float, theme: Theme) -> "go.Figure":
    look = LOOKS[theme]
    figure = go.Figure()
    for side, colour, symbol in (("short", look.short, "triangle-down"), ("long", look.long, "triangle-up")):
        rungs = found[side]
        prices = [float(calculation.value) for _, calculation in rungs]
        figure.add_scatter(
            x=[f"{leverage:g}x" for leverage, _ in rungs],
            y=prices,
            name=f"{side.capitalize()} liquidated at",
            mode="lines+markers+text",
            text=[f"{price / entry - 1:+.1%}" for price in prices],
            textposition="top center" if side == "short" else "bottom center",
            textfont={"size": 11, "color": look.quiet},
            line={"color": colour, "width": 1.2, "dash": "dot"},
            marker={"color": colour, "size": 10, "symbol": symbol},
            hovertemplate="%{y:$,.2f}",
        )
    figure.add_hline(y=entry, line={"color": look.text, "width": 1})
    figure.add_annotation(
        text=f"opened at {usd(entry)}",
        xref="x domain",
        x=0,
        y=entry,
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"size": 11, "color": look.text},
    )
    prices = [float(calculation.value) for rungs in found.values() for _, calculation in rungs]
    margin = 0.12 * (max(prices) - min(prices))
    steps = sorted({leverage for rungs in found.values() for leverage, _ in rungs})
    figure.update_xaxes(
        type="category",
        title="Leverage",
        categoryarray=[f"{leverage:g}x" for leverage in steps],
        range=[-0.6, len(steps) - 0.4],
    )
    figure.update_yaxes(tickprefix="$", range=[min(prices) - margin, max(prices) + margin])
    return figure
