"""Calculations are read out of plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.inputs import calculation_of, merged_calculation


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


_LONG = "Where is my liquidation price on a 20x long from 104k?"
_PNL = "long 2 eth from 3500 to 3800 profit?"
_FUNDING = "how much funding does a 10,000 usd long pay at 0.01%?"


@pytest.mark.parametrize(
    ("before", "then", "name", "inputs"),
    [
        (_LONG, "and at 10x?", "liquidation-price", {"side": "long", "entry": 104e3, "leverage": 10}),
        (_LONG, "and from 98k?", "liquidation-price", {"side": "long", "entry": 98e3, "leverage": 20}),
        (_LONG, "and short?", "liquidation-price", {"side": "short", "entry": 104e3, "leverage": 20}),
        (_LONG, "and with 1% maintenance margin?", "liquidation-price",
         {"side": "long", "entry": 104e3, "leverage": 20, "mmr": 0.01}),
        (_LONG, "and on binance?", "liquidation-price",
         {"side": "long", "entry": 104e3, "leverage": 20, "venue": "binance"}),
        (_LONG, "and the bankruptcy price?", "bankruptcy-price", {"side": "long", "entry": 104e3, "leverage": 20}),
        (_LONG, "and if it is inverse?", "liquidation-price",
         {"side": "long", "entry": 104e3, "leverage": 20, "contract": "inverse"}),
        (_PNL, "and if it goes to 3200?", "pnl", {"side": "long", "entry": 3500, "exit": 3200, "quantity": 2}),
        (_PNL, "and at 5 eth?", "pnl", {"side": "long", "entry": 3500, "exit": 3800, "quantity": 5}),
        (_FUNDING, "and on 50k?", "funding-payment", {"side": "long", "notional": 50e3, "rate": 0.0001}),
        (_FUNDING, "and at 0.05%?", "funding-payment", {"side": "long", "notional": 10e3, "rate": 0.0005}),
        (_FUNDING, "and a short?", "funding-payment", {"side": "short", "notional": 10e3, "rate": 0.0001}),
        ("down 60%, how much up do i need to break even?", "and?", "recovery-gain", {"loss": 0.6}),
    ],
)  # fmt: skip
def test_a_follow_up_gives_other_inputs_and_keeps_the_rest(
    before: str, then: str, name: str, inputs: dict[str, float | str]
) -> None:
    request = calculation_of(before)
    assert request is not None
    merged = merged_calculation(request, then)
    assert merged.name == name
    assert merged.inputs == pytest.approx(inputs)


def test_a_leverage_takes_the_place_of_a_margin_and_the_other_way() -> None:
    by_leverage = calculation_of("liq price of a 20x long from 100k with 0.5 btc")
    assert by_leverage is not None
    by_margin = merged_calculation(by_leverage, "and with 5,000 usd margin?")
    assert "leverage" not in by_margin.inputs
    assert by_margin.inputs["margin"] == 5000
    back = merged_calculation(by_margin, "and at 10x?")
    assert "margin" not in back.inputs
    assert back.inputs["leverage"] == 10


def test_a_venue_named_before_is_kept_until_another_is_named() -> None:
    request = calculation_of("liq price of a 20x long from 104k on binance")
    assert request is not None
    assert merged_calculation(request, "and at 10x?").inputs["venue"] == "binance"
    assert merged_calculation(request, "and on bybit?").inputs["venue"] == "bybit"


@given(st.sampled_from([_LONG, _PNL, _FUNDING]), st.sampled_from(["", "and?", "ok", "hm, really?"]))
def test_words_without_inputs_change_no_input(before: str, then: str) -> None:
    request = calculation_of(before)
    assert request is not None
    assert merged_calculation(request, then) == request
