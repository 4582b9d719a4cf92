"""The calculators in a real browser: typed inputs, prefilled addresses, curves and ladders true to the formulas."""

import pytest
from playwright.sync_api import Browser, Page, expect

from market.calculators import CALCULATORS, calculate
from market.calculators.venues import VENUES
from tests.ui.browsing import SLOW, ask, opened
from ui.pages.calculators.beside import by_venue
from ui.pages.calculators.curve import curve
from ui.pages.calculators.samples import SAMPLES, SWEEPS

POSITION = {"side": "long", "entry": "100000", "leverage": "10"}


@pytest.mark.parametrize("name", CALCULATORS)
def test_every_calculator_opens_with_a_result_and_a_curve_through_it(name: str) -> None:
    calculator = CALCULATORS[name]
    drawn = curve(calculator, SAMPLES[name], calculator(SAMPLES[name]))
    assert drawn is not None
    assert drawn.here is not None
    assert all(0 <= float(number) <= drawn.width for line in drawn.lines for number in line.replace(",", " ").split())


def test_the_curve_of_a_short_is_made_of_the_calculators_own_results() -> None:
    inputs = {"side": "short", "entry": "100", "exit": "90", "quantity": "1"}
    drawn = curve(CALCULATORS["pnl"], inputs, calculate("pnl", inputs))
    assert drawn is not None
    assert (drawn.low, drawn.high, drawn.bottom, drawn.top) == ("63 USD", "117 USD", "-17 USD", "37 USD")


def test_a_curve_and_its_axis_end_where_the_calculator_refuses() -> None:
    inputs = {"side": "long", "entry": "100", "stop": "95"}
    drawn = curve(CALCULATORS["stop-loss"], inputs, calculate("stop-loss", inputs))
    assert drawn is not None
    right = max(float(point.split(",")[0]) for line in drawn.lines for point in line.split())
    assert right == drawn.width
    assert (drawn.low, drawn.high) == ("80.75 USD", "99.87 USD")


def test_each_venue_has_a_rung_by_its_own_convention() -> None:
    rungs = {rung.name: rung for rung in by_venue(POSITION)}
    assert len(rungs) == len(VENUES)
    assert rungs["Bybit"].price == 90_500
    assert rungs["Binance"].price == pytest.approx(90_452.26, abs=0.01)


def test_a_sweep_names_an_input_its_calculator_takes() -> None:
    for name, sweep in SWEEPS.items():
        assert sweep.name in {spec.name for spec in CALCULATORS[name].inputs}


@pytest.mark.browser
def test_a_result_follows_what_is_typed_and_its_address_with_it(browser: Browser, server: str) -> None:
    with opened(browser, server, "/calculators/liquidation-price") as page:
        expect(page.locator(".value")).to_have_text("90,500 USD")
        page.locator("#in-leverage").fill("20")
        expect(page.locator(".value")).to_have_text("95,500 USD")
        page.locator("#in-side").select_option("short")
        expect(page.locator(".value")).to_have_text("104,500 USD")
        page.reload()
        expect(page.locator(".value")).to_have_text("104,500 USD")
        expect(page.locator(".ladder").last.locator("tbody tr")).to_have_count(len(VENUES))


@pytest.mark.browser
def test_an_impossible_input_says_why(browser: Browser, server: str) -> None:
    with opened(browser, server, "/calculators/liquidation-price") as page:
        page.locator("#in-leverage").fill("0.5")
        expect(page.get_by_role("alert")).to_contain_text("leverage is 0.5; it must be 1 or more")
        expect(page.locator(".value")).to_have_count(0)


@pytest.mark.browser
def test_a_stop_is_held_against_liquidation(browser: Browser, server: str) -> None:
    with opened(browser, server, "/calculators/stop-loss?side=long&entry=100000&stop=95000&leverage=10") as page:
        expect(page.locator(".first")).to_contain_text("it comes first")
        page.locator("#in-stop").fill("90460")
        expect(page.locator(".first")).to_contain_text("Liquidation may come before the stop")


@pytest.mark.browser
def test_a_calculation_in_an_answer_opens_its_calculator_filled_in(page: Page) -> None:
    ask(page, "What is the liquidation price of a 25x short at 3400?")
    said = page.locator(".receipt .big").first.inner_text()
    page.get_by_role("link", name="Open in the calculator").first.click()
    expect(page.locator(".value")).to_have_text(said, timeout=SLOW)
    expect(page.locator("#in-side")).to_have_value("short")
    expect(page.locator("#in-leverage")).to_have_value("25")
