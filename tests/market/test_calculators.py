"""Calculators agree with numbers worked out by hand, and refuse what cannot be."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from market.calculators import CALCULATORS, calculate
from market.calculators.venues import VENUES, venues
from market.errors import InvalidInput

Inputs = dict[str, float | str]

UNSAFE_HOSTS = (
    "binance.bh", "generallink.top", "bbapi.viigoo.eu.org", "binance-proxy.shuxipo.com", "okxapi-1.xiaochuang.cc",
    "okx.huicker.com", "bgportable.com", "kbybit.com", "bitget.live", "bitgetapp.com", "binance-register.co",
    "coindesk.cc", "cryptonewz.pages.dev", "redlib.hbubli.cc", "r.arson.gg", "blockchair.com.", "mexc.fm", "mexc.io",
    "mexc.co", "mexc.cc", "kucoin.plus", "midiamania.com", "dydx-documentation-six.vercel.app", "testnet.bybit.com",
    "testnet.bytick.com",
)  # fmt: skip

LONG: Inputs = {"side": "long", "entry": 100_000, "leverage": 10, "mmr": 0.005}
SHORT: Inputs = {**LONG, "side": "short"}
BY_MARGIN: Inputs = {"side": "long", "entry": 50_000, "margin": 1_000, "quantity": 0.1, "mmr": 0.01}
INVERSE: Inputs = {"side": "long", "entry": 50_000, "leverage": 10, "mmr": 0.005, "contract": "inverse"}


@pytest.mark.parametrize(
    ("inputs", "price"),
    [
        # Family A: E*(1 - 1/L + mmr) = 100,000*(1 - 0.1 + 0.005)
        (LONG, 90_500),
        (SHORT, 109_500),
        # Family B: E*(1 - 1/L)/(1 - mmr) = 90,000/0.995 and 110,000/1.005
        ({**LONG, "convention": "exit"}, 90_452.261306532663),
        ({**SHORT, "convention": "exit"}, 109_452.736318407960),
        # Family B with a fee in the rate: 90,000/(1 - 0.005 - 0.0005)
        ({**LONG, "convention": "exit", "fee_rate": 0.0005}, 90_497.737556561086),
        ({**SHORT, "venue": "okx", "fee_rate": 0.0005}, 109_398.309298856290),
        # Added margin moves it by added/q: 500/1
        ({**LONG, "extra_margin": 500}, 90_000),
        ({**SHORT, "extra_margin": 500}, 110_000),
        # The bracket's deduction does the same
        ({**LONG, "maintenance_amount": 50}, 90_450),
        # Margin and size: 50,000 - (1,000 - 50)/0.1
        (BY_MARGIN, 40_500),
        # (E*q - M - cum)/(q*(1 - mmr)) = (5,000 - 1,000 - 10)/(0.1*0.99)
        ({**BY_MARGIN, "convention": "exit", "maintenance_amount": 10}, 40_303.030303030303),
        # (E*q + M + cum)/(q*(1 + mmr)) = 6,010/0.101
        ({**BY_MARGIN, "side": "short", "venue": "binance", "maintenance_amount": 10}, 59_504.950495049505),
        # Inverse A: E*L/(L*(1 - mmr) + 1) = 500,000/10.95 and E*L/(L*(1 + mmr) - 1) = 500,000/9.05
        (INVERSE, 45_662.100456621005),
        ({**INVERSE, "side": "short"}, 55_248.618784530387),
        # Inverse B: Q*(1 + mmr)/(Q/E + M) = 50,000*1.005/1.1 and 50,000*0.995/0.9
        ({**INVERSE, "convention": "exit"}, 45_681.818181818182),
        ({**INVERSE, "side": "short", "venue": "binance"}, 55_277.777777777778),
    ],
)
def test_liquidation_prices_worked_out_by_hand(inputs: Inputs, price: float) -> None:
    assert calculate("liquidation-price", inputs).value == pytest.approx(price, rel=1e-12)


def test_the_formula_shows_the_general_form_and_the_numbers() -> None:
    formula = calculate("liquidation-price", LONG).formula
    assert formula == "LP = E*(1 - 1/L + mmr) = 100,000.00*(1 - 1/10 + 0.005) = 90,500.00"


def test_what_was_not_given_is_assumed_and_said() -> None:
    found = calculate("liquidation-price", {"side": "long", "entry": 100_000, "leverage": 10})
    assert found.inputs["mmr"] == 0.005
    assert found.assumptions[0] == "maintenance margin rate of 0.5%, as none was given"
    assert any("1 coin" in assumption for assumption in found.assumptions)
    assert any("at entry" in assumption for assumption in found.assumptions)


@given(
    side=st.sampled_from(["long", "short"]),
    entry=st.floats(0.01, 1e6),
    leverage=st.floats(1.5, 100),
    quantity=st.floats(0.001, 1_000),
    mmr=st.floats(0.001, 0.02),
    convention=st.sampled_from(["entry", "exit"]),
)
def test_at_the_linear_liquidation_price_equity_is_the_maintenance_margin(
    *, side: str, entry: float, leverage: float, quantity: float, mmr: float, convention: str
) -> None:
    assume(mmr < 0.9 / leverage)
    inputs: Inputs = {"side": side, "entry": entry, "leverage": leverage, "quantity": quantity, "mmr": mmr}
    price = calculate("liquidation-price", {**inputs, "convention": convention}).value
    sign = 1 if side == "long" else -1
    equity = entry * quantity / leverage + sign * quantity * (price - entry)
    required = mmr * quantity * (entry if convention == "entry" else price)
    assert equity == pytest.approx(required, rel=1e-6, abs=1e-9 * entry * quantity)
    assert sign * (entry - price) > 0


@given(
    side=st.sampled_from(["long", "short"]),
    entry=st.floats(1, 1e6),
    leverage=st.floats(1.5, 100),
    mmr=st.floats(0.001, 0.02),
    convention=st.sampled_from(["entry", "exit"]),
)
def test_at_the_inverse_liquidation_price_equity_in_coins_is_the_maintenance_margin(
    side: str, entry: float, leverage: float, mmr: float, convention: str
) -> None:
    assume(mmr < 0.9 / leverage)
    inputs: Inputs = {"side": side, "entry": entry, "leverage": leverage, "mmr": mmr, "contract": "inverse"}
    price = calculate("liquidation-price", {**inputs, "convention": convention}).value
    face = entry  # one coin at entry
    sign = 1 if side == "long" else -1
    equity = face / (entry * leverage) + sign * face * (1 / entry - 1 / price)
    required = mmr * face / (entry if convention == "entry" else price)
    assert equity == pytest.approx(required, rel=1e-6, abs=1e-9)


@given(entry=st.floats(1, 1e6), leverage=st.floats(1.5, 100), mmr=st.floats(0.0005, 0.02))
def test_the_conventions_differ_by_what_the_formulas_say(entry: float, leverage: float, mmr: float) -> None:
    assume(mmr < 0.9 / leverage)
    inputs: Inputs = {"side": "long", "entry": entry, "leverage": leverage, "mmr": mmr}
    first = calculate("liquidation-price", {**inputs, "convention": "entry"}).value
    second = calculate("liquidation-price", {**inputs, "convention": "exit"}).value
    assert first - second == pytest.approx(entry * (mmr / leverage - mmr**2) / (1 - mmr), rel=1e-6, abs=1e-9 * entry)


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({**LONG, "leverage": 0.5}, "leverage is 0.5; it must be 1 or more"),
        ({**LONG, "leverage": 200}, "liquidated at or above its entry"),
        ({**SHORT, "leverage": 200}, "liquidated at or below its entry"),
        ({**LONG, "leverage": 100, "convention": "exit", "fee_rate": 0.006}, "liquidated at or above its entry"),
        ({**LONG, "entry": -1}, "entry is -1; it must be above 0"),
        ({**LONG, "entry": math.nan}, "finite number"),
        ({**LONG, "entry": "high"}, "must be a number"),
        ({**LONG, "side": "up"}, "one of long, short"),
        ({**LONG, "mmr": 1.0}, "mmr is 1; it must be below 1"),
        ({**LONG, "extra_margin": -5}, "extra_margin is -5; it must be 0 or more"),
        ({**BY_MARGIN, "margin": -1_000}, "margin is -1000; it must be above 0"),
        ({**BY_MARGIN, "margin": 6_000}, "a leverage below 1"),
        ({**BY_MARGIN, "leverage": 10}, "leverage 10x contradicts margin and quantity"),
        ({"side": "long", "entry": 100_000}, "give leverage, or margin and quantity"),
        ({"side": "long", "entry": 100_000, "margin": 500}, "give leverage, or margin and quantity"),
        ({"entry": 100_000, "leverage": 10}, "needs side"),
        ({**LONG, "colour": "red"}, "takes no input 'colour'"),
        ({**LONG, "venue": "nowhere"}, "one of binance"),
        ({**LONG, "venue": "bybit", "convention": "exit"}, "Bybit charges maintenance margin on the value at entry"),
        ({**INVERSE, "venue": "dydx"}, "how dYdX liquidates inverse contracts is not known"),
        ({**LONG, "extra_margin": 95_000}, "cannot be liquidated"),
        ({**INVERSE, "side": "short", "leverage": 1, "mmr": 0, "convention": "entry"}, "cannot be liquidated"),
    ],
)
def test_impossible_input_is_refused_with_the_reason(inputs: Inputs, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        calculate("liquidation-price", inputs)


@pytest.mark.parametrize(
    ("name", "inputs", "value", "unit"),
    [
        ("pnl", {"side": "long", "entry": 107_000, "exit": 99_000, "quantity": 0.5}, -4_000, "USD"),
        ("pnl", {"side": "short", "entry": 3_600, "exit": 3_100, "quantity": 2}, 1_000, "USD"),
        # Q*(1/E - 1/X) with Q = 50,000: 1 - 50/45
        ("pnl", {"side": "long", "entry": 50_000, "exit": 45_000, "contract": "inverse"}, -1 / 9, "coins"),
        ("effective-leverage", {"notional": 50_000, "equity": 4_000}, 12.5, "x"),
        ("margin-ratio", {"maintenance_margin": 400, "margin_balance": 1_000}, 0.4, "fraction"),
        ("margin-ratio", {"maintenance_margin": 400, "margin_balance": 1_000, "venue": "binance"}, 0.4, "fraction"),
        ("margin-ratio", {"maintenance_margin": 400, "margin_balance": 1_000, "venue": "okx"}, 2.5, "fraction"),
        ("funding-payment", {"side": "long", "notional": 10_000, "rate": 0.0001}, 1.0, "USD"),
        ("funding-payment", {"side": "short", "notional": 10_000, "rate": 0.0001}, -1.0, "USD"),
        ("funding-payment", {"side": "long", "notional": 10_000, "rate": -0.0003}, -3.0, "USD"),
    ],
)
def test_the_other_calculators_by_hand(name: str, inputs: Inputs, value: float, unit: str) -> None:
    found = calculate(name, inputs)
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.unit == unit


def test_pnl_gives_the_return_on_margin_when_leverage_is_known() -> None:
    inputs: Inputs = {"side": "short", "entry": 100_000, "exit": 105_000, "leverage": 10}
    assert "return on the initial margin = PnL/(value at entry/L) = -50.00%" in calculate("pnl", inputs).formula


def test_who_pays_funding_is_said() -> None:
    paying = calculate("funding-payment", {"side": "long", "notional": 10_000, "rate": 0.0001})
    receiving = calculate("funding-payment", {"side": "short", "notional": 10_000, "rate": 0.0001})
    assert paying.formula.endswith("1.00: you pay")
    assert receiving.formula.endswith("-1.00: you receive")


@pytest.mark.parametrize(
    ("name", "inputs", "reason"),
    [
        ("effective-leverage", {"notional": 100, "equity": 0}, "no equity left"),
        ("margin-ratio", {"maintenance_margin": 1, "margin_balance": 2, "venue": "bybit"}, "not known here"),
        ("margin-ratio", {"maintenance_margin": 1, "margin_balance": 2, "liquidation_fee": 1}, "leave it out"),
        ("funding-payment", {"side": "long", "notional": 100, "rate": 1}, "a rate is a fraction"),
        ("no-such", {}, "choose one of: liquidation-price"),
    ],
)
def test_the_other_calculators_refuse_with_the_reason(name: str, inputs: Inputs, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        calculate(name, inputs)


@pytest.mark.parametrize("name", CALCULATORS)
def test_every_calculator_says_what_it_is_for(name: str) -> None:
    calculator = CALCULATORS[name]
    assert 5 <= len(calculator.examples) <= 8
    fields = {spec.name: "1" for spec in calculator.inputs} | {"value": "1"}
    assert "{" not in calculator.sentence.format(**fields)


def test_every_venue_has_its_source_and_no_unsafe_link() -> None:
    assert tuple(venues()) == VENUES
    for venue in venues().values():
        assert venue.source
        assert not any(host in str(venue.source_url) for host in UNSAFE_HOSTS)
