"""`market-pulse calc`: numbers worked out from the user's own inputs, with the formula that shows how."""

import json
import sys
from collections.abc import Mapping
from typing import Annotated, Literal

import typer

app = typer.Typer(help="Calculators with the formula shown.", no_args_is_help=True)

Side = Annotated[Literal["long", "short"], typer.Option(help="Side of the position.")]
Price = Annotated[float, typer.Option(help="Average entry price in USD.")]
Leverage = Annotated[float | None, typer.Option(help="Value at entry over margin.")]
Quantity = Annotated[float | None, typer.Option(help="Size in coins.")]
Contract = Annotated[Literal["linear", "inverse"] | None, typer.Option(help="Settled in USD (linear) or in coin.")]
Venue = Annotated[str | None, typer.Option(help="Venue whose rules count, such as binance, bybit or okx.")]
Notional = Annotated[float, typer.Option(help="Value of the position in USD.")]
Tiers = Annotated[
    str | None, typer.Option(help="Maintenance tiers as 'up to:rate[:max leverage],...', the last up to inf.")
]
Rate = Annotated[float | None, typer.Option(help="Maintenance margin rate as a fraction; left out: 0.005")]
Margin = Annotated[float | None, typer.Option(help="Margin in USD; goes with --quantity.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the Calculation as JSON.")]


@app.command("liquidation-price")
def liquidation_price(
    *,
    side: Side,
    entry: Price,
    leverage: Leverage = None,
    margin: Annotated[float | None, typer.Option(help="Margin in USD; goes with --quantity.")] = None,
    quantity: Quantity = None,
    mmr: Annotated[float | None, typer.Option(help="Maintenance margin rate as a fraction; left out: 0.005")] = None,
    maintenance_amount: Annotated[float | None, typer.Option(help="Deduction of the bracket in USD.")] = None,
    fee_rate: Annotated[float | None, typer.Option(help="Fee the venue adds to the rate, as a fraction.")] = None,
    extra_margin: Annotated[float | None, typer.Option(help="Margin added after opening, in USD.")] = None,
    contract: Contract = None,
    convention: Annotated[
        Literal["entry", "exit"] | None,
        typer.Option(help="Maintenance margin is charged on the value at entry or at the liquidation price."),
    ] = None,
    venue: Venue = None,
    tiers: Tiers = None,
    as_json: AsJson = False,
) -> None:
    """Work out where an isolated position is closed by force.

    market-pulse calc liquidation-price --side long --entry 100000 --leverage 10

    market-pulse calc liquidation-price --side short --entry 3400 --margin 500 --quantity 1.5 --venue binance --json
    """
    _print(
        "liquidation-price",
        {
            "side": side,
            "entry": entry,
            "leverage": leverage,
            "margin": margin,
            "quantity": quantity,
            "mmr": mmr,
            "maintenance_amount": maintenance_amount,
            "fee_rate": fee_rate,
            "extra_margin": extra_margin,
            "contract": contract,
            "convention": convention,
            "venue": venue,
            "tiers": tiers,
        },
        as_json=as_json,
    )


@app.command()
def pnl(
    *,
    side: Side,
    entry: Price,
    exit_price: Annotated[float, typer.Option("--exit", help="Price in USD at which it is closed.")],
    quantity: Quantity = None,
    leverage: Leverage = None,
    contract: Contract = None,
    as_json: AsJson = False,
) -> None:
    """Work out profit or loss between two prices, and with --leverage the return on the margin.

    market-pulse calc pnl --side long --entry 107000 --exit 99000 --quantity 0.5 --leverage 10
    """
    inputs = {"side": side, "entry": entry, "exit": exit_price, "quantity": quantity, "leverage": leverage}
    _print("pnl", {**inputs, "contract": contract}, as_json=as_json)


@app.command("effective-leverage")
def effective_leverage(
    notional: Notional,
    equity: Annotated[float, typer.Option(help="Margin plus unrealised profit or loss, in USD.")],
    as_json: AsJson = False,
) -> None:
    """Work out how leveraged a position is now, after what it gained or lost.

    market-pulse calc effective-leverage --notional 50000 --equity 4000
    """
    _print("effective-leverage", {"notional": notional, "equity": equity}, as_json=as_json)


@app.command("margin-ratio")
def margin_ratio(
    maintenance_margin: Annotated[float, typer.Option(help="Maintenance margin required, in USD.")],
    margin_balance: Annotated[float, typer.Option(help="Margin plus unrealised profit or loss, in USD.")],
    liquidation_fee: Annotated[float | None, typer.Option(help="Fee that OKX adds to it, in USD.")] = None,
    venue: Venue = None,
    as_json: AsJson = False,
) -> None:
    """Work out how close a position is to liquidation. Venues run this ratio in opposite directions.

    market-pulse calc margin-ratio --maintenance-margin 400 --margin-balance 1000 --venue okx
    """
    inputs = {"maintenance_margin": maintenance_margin, "margin_balance": margin_balance}
    _print("margin-ratio", {**inputs, "liquidation_fee": liquidation_fee, "venue": venue}, as_json=as_json)


@app.command("funding-payment")
def funding_payment(
    side: Side,
    notional: Notional,
    rate: Annotated[float, typer.Option(help="Funding rate of the interval as a fraction: 0.0001 for 0.01%.")],
    as_json: AsJson = False,
) -> None:
    """Work out one funding payment: positive if you pay, negative if you receive.

    market-pulse calc funding-payment --side long --notional 10000 --rate 0.0001
    """
    _print("funding-payment", {"side": side, "notional": notional, "rate": rate}, as_json=as_json)


@app.command("bankruptcy-price")
def bankruptcy_price(
    *,
    side: Side,
    entry: Price,
    leverage: Leverage = None,
    margin: Margin = None,
    quantity: Quantity = None,
    extra_margin: Annotated[float | None, typer.Option(help="Margin added after opening, in USD.")] = None,
    contract: Contract = None,
    as_json: AsJson = False,
) -> None:
    """Work out where a position has used up its margin; liquidation comes earlier.

    market-pulse calc bankruptcy-price --side long --entry 100000 --leverage 10
    """
    inputs = {"side": side, "entry": entry, "leverage": leverage, "margin": margin, "quantity": quantity}
    _print("bankruptcy-price", {**inputs, "extra_margin": extra_margin, "contract": contract}, as_json=as_json)


@app.command("move-to-liquidation")
def move_to_liquidation(
    *,
    side: Side,
    entry: Annotated[float | None, typer.Option(help="Average entry price; not needed with --leverage alone.")] = None,
    leverage: Leverage = None,
    margin: Margin = None,
    quantity: Quantity = None,
    mmr: Rate = None,
    price: Annotated[float | None, typer.Option(help="Mark price now; left out: the entry.")] = None,
    contract: Contract = None,
    venue: Venue = None,
    tiers: Tiers = None,
    as_json: AsJson = False,
) -> None:
    """Work out how far the price has to move until a position is closed by force.

    market-pulse calc move-to-liquidation --side long --entry 100000 --leverage 10 --price 98000

    market-pulse calc move-to-liquidation --side long --leverage 25
    """
    inputs = {"side": side, "entry": entry, "leverage": leverage, "margin": margin, "quantity": quantity, "mmr": mmr}
    more = {"price": price, "contract": contract, "venue": venue, "tiers": tiers}
    _print("move-to-liquidation", {**inputs, **more}, as_json=as_json)


@app.command("cross-liquidation-price")
def cross_liquidation_price(
    *,
    side: Side,
    entry: Price,
    quantity: Annotated[float, typer.Option(help="Size in coins.")],
    balance: Annotated[float, typer.Option(help="Wallet balance of the account in USD.")],
    other_maintenance: Annotated[float | None, typer.Option(help="Maintenance margin of the other positions.")] = None,
    other_pnl: Annotated[float | None, typer.Option(help="Unrealised profit or loss of the other positions.")] = None,
    mmr: Rate = None,
    maintenance_amount: Annotated[float | None, typer.Option(help="Deduction of the bracket in USD.")] = None,
    fee_rate: Annotated[float | None, typer.Option(help="Fee the venue adds to the rate, as a fraction.")] = None,
    as_json: AsJson = False,
) -> None:
    """Work out where an account in cross margin is liquidated by one position.

    market-pulse calc cross-liquidation-price --side long --entry 100000 --quantity 0.5 --balance 8000
    """
    inputs = {"side": side, "entry": entry, "quantity": quantity, "balance": balance, "mmr": mmr}
    others = {"other_maintenance": other_maintenance, "other_pnl": other_pnl}
    rules = {"maintenance_amount": maintenance_amount, "fee_rate": fee_rate}
    _print("cross-liquidation-price", {**inputs, **others, **rules}, as_json=as_json)


@app.command()
def roe(
    *,
    side: Side,
    entry: Price,
    exit_price: Annotated[float, typer.Option("--exit", help="Price in USD at which it is closed.")],
    leverage: Annotated[float, typer.Option(help="Value at entry over margin.")],
    contract: Contract = None,
    as_json: AsJson = False,
) -> None:
    """Work out profit or loss between two prices as a fraction of the margin.

    market-pulse calc roe --side long --entry 100000 --exit 105000 --leverage 10
    """
    inputs = {"side": side, "entry": entry, "exit": exit_price, "leverage": leverage, "contract": contract}
    _print("roe", inputs, as_json=as_json)


@app.command("stop-loss")
def stop_loss(
    *,
    side: Side,
    entry: Price,
    stop: Annotated[float, typer.Option(help="Price of the stop in USD.")],
    quantity: Quantity = None,
    leverage: Leverage = None,
    fee_rate: Annotated[float | None, typer.Option(help="Fee of each trade as a fraction.")] = None,
    as_json: AsJson = False,
) -> None:
    """Work out what a position loses at its stop.

    market-pulse calc stop-loss --side long --entry 100000 --stop 98000 --quantity 0.5 --fee-rate 0.0005
    """
    inputs = {"side": side, "entry": entry, "stop": stop, "quantity": quantity, "leverage": leverage}
    _print("stop-loss", {**inputs, "fee_rate": fee_rate}, as_json=as_json)


@app.command("recovery-gain")
def recovery_gain(
    loss: Annotated[float, typer.Option(help="What was lost, as a fraction: 0.5 for 50%.")],
    as_json: AsJson = False,
) -> None:
    """Work out the gain it takes to be back after a loss.

    market-pulse calc recovery-gain --loss 0.5
    """
    _print("recovery-gain", {"loss": loss}, as_json=as_json)


@app.command("maintenance-margin")
def maintenance_margin(
    notional: Notional,
    tiers: Annotated[str, typer.Option(help="Tiers as 'up to:rate[:max leverage],...', the last up to inf.")],
    leverage: Leverage = None,
    as_json: AsJson = False,
) -> None:
    """Work out the margin a position must keep, by the tiers of its contract.

    market-pulse calc maintenance-margin --notional 300000 --tiers 50000:0.004,250000:0.005,inf:0.01
    """
    _print("maintenance-margin", {"notional": notional, "tiers": tiers, "leverage": leverage}, as_json=as_json)


@app.command("-")
def from_standard_input(as_json: AsJson = False) -> None:
    """Work out what standard input says as JSON: {"calculation": NAME, "inputs": {…}}.

    echo '{"calculation": "recovery-gain", "inputs": {"loss": 0.5}}' | market-pulse calc - --json
    """
    try:
        asked = json.load(sys.stdin)
        name, inputs = asked["calculation"], dict(asked["inputs"])
    except (ValueError, TypeError, KeyError) as error:
        problem = 'is not {"calculation": NAME, "inputs": {…}} as JSON'
        raise typer.BadParameter(problem, param_hint="standard input") from error
    _print(str(name), {key.replace("-", "_"): _given(key, value) for key, value in inputs.items()}, as_json=as_json)


def _given(name: str, value: object) -> float | str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise typer.BadParameter(f"{name} is neither a number nor text", param_hint="standard input")
    return value


def _print(name: str, inputs: Mapping[str, float | str | None], *, as_json: bool) -> None:
    from market.calculators import CALCULATORS, calculate

    calculation = calculate(name, {key: value for key, value in inputs.items() if value is not None})
    if as_json:
        sys.stdout.write(calculation.model_dump_json(indent=2) + "\n")
        return
    from rag.phrasing import amount

    lines = [f"{CALCULATORS[name].title}: {amount(calculation.value, calculation.unit)}"]
    lines.append(f"  {calculation.formula}")
    lines += [f"  assumed: {assumption}" for assumption in calculation.assumptions]
    sys.stdout.write("\n".join(lines) + "\n")
