"""`market-pulse calc` works numbers out, shows how, and refuses what cannot be."""

import io
import json
import sys
from collections.abc import Callable

import pytest

from tests.ui.conftest import Done
from tests.ui.test_market_command import entered

Calc = Callable[..., Done]

LONG = ("liquidation-price", "--side", "long", "--entry", "100000")


@pytest.fixture
def calc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Calc:
    """Runs `market-pulse calc`."""
    return lambda *words: entered(["calc", *words], capsys, monkeypatch)


def test_json_is_the_calculation_of_the_contract(calc: Calc) -> None:
    done = calc(*LONG, "--leverage", "10", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    calculation = json.loads(done.stdout)
    assert list(calculation) == ["calculation", "value", "unit", "formula", "inputs", "assumptions"]
    assert calculation["value"] == pytest.approx(90_500)
    assert calculation["inputs"]["mmr"] == 0.005


def test_people_see_the_formula_and_what_was_assumed(calc: Calc) -> None:
    told = calc(*LONG, "--leverage", "10").stdout
    assert told.startswith("Liquidation price: 90,500 USD\n")
    assert "LP = E*(1 - 1/L + mmr) = 100,000.00*(1 - 1/10 + 0.005) = 90,500.00" in told
    assert "assumed: maintenance margin rate of 0.5%, as none was given" in told


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ((*LONG, "--leverage", "10", "--convention", "exit"), 90_000 / 0.995),
        ((*LONG, "--leverage", "10", "--venue", "binance", "--mmr", "0.004"), 90_000 / 0.996),
        ((*LONG, "--margin", "5000", "--quantity", "0.5", "--extra-margin", "500"), 89_500),
        ((*LONG, "--leverage", "10", "--maintenance-amount", "50"), 90_450),
        ((*LONG, "--leverage", "10", "--contract", "inverse"), 1_000_000 / 10.95),
        ((*LONG, "--leverage", "10", "--venue", "okx", "--fee-rate", "0.0005"), 90_000 / 0.9945),
        (("pnl", "--side", "short", "--entry", "3600", "--exit", "3100", "--quantity", "2"), 1_000),
        (("effective-leverage", "--notional", "50000", "--equity", "4000"), 12.5),
        (("margin-ratio", "--maintenance-margin", "400", "--margin-balance", "1000"), 0.4),
        (("margin-ratio", "--maintenance-margin", "400", "--margin-balance", "1000", "--venue", "okx"), 2.5),
        (("funding-payment", "--side", "long", "--notional", "10000", "--rate", "-0.0003"), -3),
    ],
)
def test_every_option_reaches_the_formula(words: tuple[str, ...], value: float, calc: Calc) -> None:
    assert json.loads(calc(*words, "--json").stdout)["value"] == pytest.approx(value, rel=1e-12)


def test_impossible_input_is_refused_in_one_line(calc: Calc) -> None:
    done = calc(*LONG, "--leverage", "500")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: this long would be liquidated at or above its entry")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("liquidation-price", "--entry", "100000", "--leverage", "10"),
        ("liquidation-price", "--side", "up", "--entry", "100000", "--leverage", "10"),
        (*LONG, "--leverage", "ten"),
        ("no-such-calculator",),
    ],
)
def test_wrong_usage_exits_with_two(words: tuple[str, ...], calc: Calc) -> None:
    assert calc(*words).returncode == 2


def test_a_calculation_may_come_from_standard_input(
    calc: Calc, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"calculation": "liquidation-price", "inputs": {"side": "long", "entry": 100_000, "leverage": 10}}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asked)))
    piped = calc("-", "--json")
    assert (piped.returncode, piped.stderr) == (0, "")
    assert json.loads(piped.stdout) == json.loads(calc(*LONG, "--leverage", "10", "--json").stdout)


@pytest.mark.parametrize(
    ("piped", "code", "says"),
    [
        ("", 2, "as JSON"),
        ("[]", 2, "as JSON"),
        ('{"calculation": "pnl", "inputs": {"side": ["long"]}}', 2, "neither a number nor text"),
        ('{"calculation": "luck", "inputs": {}}', 1, "choose one of"),
        ('{"calculation": "pnl", "inputs": {"side": "long"}}', 1, "entry"),
    ],
)
def test_what_is_piped_in_wrongly_is_one_clear_line(
    calc: Calc, monkeypatch: pytest.MonkeyPatch, piped: str, code: int, says: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
    done = calc("-")
    assert (done.returncode, done.stdout) == (code, "")
    assert says in " ".join(done.stderr.replace("│", " ").split())
