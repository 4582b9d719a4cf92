"""Calculations are read out of plain words."""

import pytest

from rag.inputs import calculation_of


@pytest.mark.parametrize(
    ("text", "name", "inputs"),
    [
        ("opened 0.05 btc long at 62k 20x isolated", "liquidation-price",
         {"side": "long", "entry": 62e3, "leverage": 20, "quantity": 0.05}),
        ("liq price for a 25x short entry 60,000 with 0.4% maintenance margin rate", "liquidation-price",
         {"side": "short", "entry": 60e3, "leverage": 25, "mmr": 0.004}),
        ("How much do I lose if I short 2 ETH at 3500 and it goes to 4000?", "pnl",
         {"side": "short", "entry": 3500, "exit": 4000, "quantity": 2}),
        ("I put in $500 margin at 10x long from 50000, price drops to 48000, how much do I lose?", "pnl",
         {"side": "long", "entry": 50e3, "exit": 48e3, "quantity": 0.1, "leverage": 10}),
        ("how much funding does a long of $50,000 pay at a rate of 0.03%", "funding-payment",
         {"side": "long", "notional": 50e3, "rate": 0.0003}),
        ("What is my effective leverage with 2000 equity and a 30000 position?", "effective-leverage",
         {"notional": 30e3, "equity": 2000}),
        ("2 BTC long from 50,000 USD at 10x, added another 1,000 USD of margin, where is my liq price",
         "liquidation-price", {"side": "long", "entry": 50e3, "leverage": 10, "quantity": 2, "extra_margin": 1000}),
        ("liquidation price of an inverse long, entry 50,000 USD, 10x", "liquidation-price",
         {"side": "long", "entry": 50e3, "leverage": 10, "contract": "inverse"}),
        ("position worth 20,000 USD, I put in 2,000 USD of margin, unrealised loss 1,200 USD: effective leverage?",
         "effective-leverage", {"notional": 20e3, "equity": 800}),
        ("shorted 3 eth at 3500 on 5x, closed at 3150, what profit without funding?", "pnl",
         {"side": "short", "entry": 3500, "exit": 3150, "quantity": 3, "leverage": 5}),
        ("entry 3,840 eth long 8x isolated liq?", "liquidation-price", {"side": "long", "entry": 3840, "leverage": 8}),
        ("10k in account, 60k btc position open. effective leverage?", "effective-leverage",
         {"notional": 60e3, "equity": 10e3}),
        ("portfolio -35%. gain needed to get even?", "recovery-gain", {"loss": 0.35}),
        ("long 20x from 104k, how big is my loss at 101k", "pnl",
         {"side": "long", "entry": 104e3, "exit": 101e3, "leverage": 20}),
        ("bought 12 sol at 182 sold 155, what did i lose", "pnl",
         {"side": "long", "entry": 182, "exit": 155, "quantity": 12}),
        ("funding is 0.02% every 8 hours and i am long. how much funding on 10k?", "funding-payment",
         {"side": "long", "notional": 10e3, "rate": 0.0002}),
        ("What is my margin ratio if maintenance margin is 150 and balance is 600?", "margin-ratio",
         {"maintenance_margin": 150, "margin_balance": 600}),
        ("what % drop wipes out a 25x long", "move-to-liquidation", {"side": "long", "leverage": 25}),
        ("how many percent rise liquidates me at 10x", "move-to-liquidation", {"side": "short", "leverage": 10}),
        ("how far does the price have to fall before a 5x position is closed?", "move-to-liquidation",
         {"side": "long", "leverage": 5}),
    ],
)  # fmt: skip
def test_complete_calculations_are_read(text: str, name: str, inputs: dict[str, float | str]) -> None:
    request = calculation_of(text)
    assert request is not None
    assert (request.name, request.missing) == (name, ())
    assert request.inputs == pytest.approx(inputs)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("if im 50x long on btc how far until im rekt", "entry price"),
        ("How much funding do I pay on a 10000 dollar position at 0.01%?", "long or short"),
        ("liquidation price of a long from 104k", "leverage"),
    ],
)
def test_what_is_missing_is_named(text: str, missing: str) -> None:
    request = calculation_of(text)
    assert request is not None
    assert missing in " ".join(request.missing)


@pytest.mark.parametrize(
    "text", ["what is a liquidation price?", "How much was liquidated on 10 October 2025?", "why do longs pay funding"]
)
def test_a_question_without_a_position_is_no_calculation(text: str) -> None:
    assert calculation_of(text) is None


@pytest.mark.parametrize(
    "text",
    ["liquidation price of a 10x position opened at 90k", "what percent against me until a 50x is dead?",
     "How much funding do I pay on a 10000 dollar position at 0.01%?"],
)  # fmt: skip
def test_where_only_the_side_is_missing_both_are_worked_out(text: str) -> None:
    request = calculation_of(text)
    assert request is not None
    assert (request.sides, request.ready) == (("long", "short"), True)
