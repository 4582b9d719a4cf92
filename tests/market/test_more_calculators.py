"""Limits, losses and tiers agree with numbers worked out by hand, and refuse what cannot be."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from market.calculators import calculate
from market.errors import InvalidInput

Inputs = dict[str, float | str]

LONG: Inputs = {"side": "long", "entry": 100_000, "leverage": 10}
SHORT: Inputs = {**LONG, "side": "short"}
INVERSE: Inputs = {**LONG, "entry": 50_000, "contract": "inverse"}
CROSS: Inputs = {"side": "long", "entry": 100_000, "quantity": 0.5, "balance": 8_000, "mmr": 0.005}
TIERS = "50000:0.004:125,250000:0.005:100,1000000:0.01:50,inf:0.025:20"


@pytest.mark.parametrize(
    ("name", "inputs", "value", "unit"),
    [
        # E*(1 -+ 1/L); inverse E*L/(L +- 1)
        ("bankruptcy-price", LONG, 90_000, "USD"),
        ("bankruptcy-price", SHORT, 110_000, "USD"),
        ("bankruptcy-price", {**LONG, "extra_margin": 500}, 89_500, "USD"),
        ("bankruptcy-price", INVERSE, 45_454.545454545456, "USD"),
        ("bankruptcy-price", {**INVERSE, "side": "short"}, 55_555.555555555555, "USD"),
        # 90,500/100,000 - 1, and against another price now
        ("move-to-liquidation", {**LONG, "mmr": 0.005}, -0.095, "fraction"),
        ("move-to-liquidation", {**SHORT, "mmr": 0.005}, 0.095, "fraction"),
        ("move-to-liquidation", {"side": "long", "leverage": 25, "mmr": 0.005}, -0.035, "fraction"),
        ("move-to-liquidation", {**LONG, "mmr": 0.005, "price": 95_000}, 90_500 / 95_000 - 1, "fraction"),
        ("move-to-liquidation", {**LONG, "mmr": 0.005, "venue": "binance"}, 0.9 / 0.995 - 1, "fraction"),
        # (E*q - M)/(q*(1 - mmr)) = (50,000 - 8,000)/(0.5*0.995)
        ("cross-liquidation-price", CROSS, 84_422.110552763819, "USD"),
        # The other positions need 700 and have lost 300: M = 7,000
        ("cross-liquidation-price", {**CROSS, "other_maintenance": 700, "other_pnl": -300}, 86_432.160804020100, "USD"),
        ("cross-liquidation-price", {**CROSS, "side": "short"}, 115_422.885572139303, "USD"),
        ("roe", {**LONG, "exit": 105_000}, 0.5, "fraction"),
        ("roe", {**SHORT, "exit": 105_000}, -0.5, "fraction"),
        ("roe", {**INVERSE, "exit": 55_000}, 10 * (1 - 50 / 55), "fraction"),
        ("stop-loss", {"side": "long", "entry": 100_000, "stop": 98_000, "quantity": 0.5}, 1_000, "USD"),
        ("stop-loss", {"side": "short", "entry": 3_400, "stop": 3_500, "quantity": 2}, 200, "USD"),
        # 1,000 + 0.0005*0.5*198,000
        (
            "stop-loss",
            {"side": "long", "entry": 100_000, "stop": 98_000, "quantity": 0.5, "fee_rate": 0.0005},
            1_049.5,
            "USD",
        ),
        ("recovery-gain", {"loss": 0.5}, 1.0, "fraction"),
        ("recovery-gain", {"loss": 0.2}, 0.25, "fraction"),
        # 50,000*0.004 + 200,000*0.005 + 50,000*0.01, slice by slice
        ("maintenance-margin", {"notional": 300_000, "tiers": TIERS}, 1_700, "USD"),
        ("maintenance-margin", {"notional": 50_000, "tiers": TIERS}, 200, "USD"),
    ],
)
def test_by_hand(name: str, inputs: Inputs, value: float, unit: str) -> None:
    found = calculate(name, inputs)
    assert found.value == pytest.approx(value, rel=1e-12)
    assert (found.calculation, found.unit) == (name, unit)
    assert " = " in found.formula


@pytest.mark.parametrize(
    ("name", "inputs", "reason"),
    [
        ("bankruptcy-price", {**LONG, "leverage": 1}, "covers a fall to zero"),
        ("bankruptcy-price", {**INVERSE, "side": "short", "leverage": 1}, "covered in coins at any price"),
        ("move-to-liquidation", {**LONG, "price": 90_000}, "is liquidated already"),
        ("move-to-liquidation", {"side": "long", "margin": 500, "quantity": 0.1}, "entry"),
        ("move-to-liquidation", {**SHORT, "price": 120_000}, "is liquidated already"),
        ("cross-liquidation-price", {**CROSS, "other_pnl": -9_000}, "the account is liquidated already"),
        ("cross-liquidation-price", {**CROSS, "balance": 100}, "would be liquidated at once"),
        ("cross-liquidation-price", {**CROSS, "balance": 60_000}, "its margin covers a fall to zero"),
        ("roe", {"side": "long", "entry": 1, "exit": 2}, "needs leverage"),
        ("stop-loss", {"side": "long", "entry": 100, "stop": 101}, "lies below its entry"),
        ("stop-loss", {"side": "short", "entry": 100, "stop": 99}, "lies above its entry"),
        ("stop-loss", {**LONG, "stop": 89_000}, "the position is liquidated first"),
        ("recovery-gain", {"loss": 1}, "no way back"),
        ("recovery-gain", {"loss": 50}, "50% is 0.5"),
        ("maintenance-margin", {"notional": 100, "tiers": "a:b"}, "'a:b' is not a tier"),
        ("maintenance-margin", {"notional": 100, "tiers": "50:0.01,40:0.02"}, "limits and rates rise"),
        ("maintenance-margin", {"notional": 100, "tiers": "50:0.02,90:0.01"}, "limits and rates rise"),
        ("maintenance-margin", {"notional": 100, "tiers": "nan:0.02"}, "is not a tier"),
        ("maintenance-margin", {"notional": 100, "tiers": "50:0.01"}, "larger than the tiers allow"),
        ("maintenance-margin", {"notional": 300_000, "tiers": TIERS, "leverage": 75}, "more than the 50x"),
        ("liquidation-price", {**LONG, "quantity": 20, "tiers": TIERS, "leverage": 25}, "more than the 20x"),
        ("liquidation-price", {**LONG, "mmr": 0.01, "tiers": TIERS}, "leave out mmr"),
        ("liquidation-price", {**INVERSE, "tiers": TIERS}, "for linear contracts"),
    ],
)
def test_impossible_input_is_refused_with_the_reason(name: str, inputs: Inputs, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        calculate(name, inputs)


@given(
    side=st.sampled_from(["long", "short"]),
    entry=st.floats(10, 200_000),
    quantity=st.floats(0.001, 100),
    leverage=st.floats(2, 20),
)
def test_with_tiers_equity_at_liquidation_is_what_the_tiers_require_there(
    side: str, entry: float, quantity: float, leverage: float
) -> None:
    inputs: Inputs = {"side": side, "entry": entry, "quantity": quantity, "leverage": leverage, "tiers": TIERS}
    found = calculate("liquidation-price", {**inputs, "convention": "exit"})
    value = found.value * quantity
    sign = 1 if side == "long" else -1
    equity = entry * quantity / leverage + sign * quantity * (found.value - entry)
    required, lower = 0.0, 0.0
    for ceiling, rate in ((50_000.0, 0.004), (250_000.0, 0.005), (1_000_000.0, 0.01), (float("inf"), 0.025)):
        required += max(0.0, min(value, ceiling) - lower) * rate
        lower = ceiling
    assert equity == pytest.approx(required, rel=1e-6, abs=1e-6)


@given(side=st.sampled_from(["long", "short"]), entry=st.floats(0.01, 1e6), leverage=st.floats(1.5, 100))
def test_liquidation_comes_before_bankruptcy(side: str, entry: float, leverage: float) -> None:
    inputs: Inputs = {"side": side, "entry": entry, "leverage": leverage, "convention": "exit"}
    assume(1 / leverage > 0.006)
    liquidated = calculate("liquidation-price", inputs).value
    bankrupt = calculate("bankruptcy-price", {k: v for k, v in inputs.items() if k != "convention"}).value
    assert (bankrupt < liquidated < entry) if side == "long" else (entry < liquidated < bankrupt)


@given(loss=st.floats(0.0001, 0.999))
def test_the_gain_undoes_the_loss(loss: float) -> None:
    assert (1 - loss) * (1 + calculate("recovery-gain", {"loss": loss}).value) == pytest.approx(1)
