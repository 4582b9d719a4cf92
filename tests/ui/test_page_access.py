"""Every page for everybody: no serious fault of accessibility, keyboard alone, a phone's width, light and dark."""

from collections.abc import Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.ui.browsing import SLOW, ask, opened

pytestmark = pytest.mark.browser

PHONE: Mapping[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PAGES = (
    "/",
    "/market",
    "/learn",
    "/learn?q=funding",
    "/learn/liquidation-cascades",
    "/learn/faq-support",
    "/learn/glossary",
    "/learn/events",
    "/learn/events/2025-10-10_record_liquidation",
    "/calculators",
    "/calculators/liquidation-price",
    "/calculators/stop-loss",
)
READY = {"/": ".welcome", "/market": ".js-plotly-plot"}


def faults(page: Page) -> list[str]:
    """Serious and critical faults that axe finds, each with what it stands on."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]} {node['any'][:1]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_fault(browser: Browser, server: str, path: str, scheme: str) -> None:
    with opened(browser, server, path, color_scheme=scheme) as page:
        expect(page.locator(READY.get(path, "main h1")).first).to_be_visible(timeout=SLOW)
        assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_answer_with_open_receipts_has_no_serious_fault(browser: Browser, server: str, scheme: str) -> None:
    with opened(browser, server, color_scheme=scheme) as page:
        ask(page, "Should I sell, how much was liquidated in the last 24 hours?")
        ask(page, "What is the liquidation price of a 10x long at 100000?")
        page.evaluate("document.querySelectorAll('.receipt').forEach((receipt) => { receipt.open = true; })")
        page.get_by_role("button", name="Not helpful").last.click()
        assert faults(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_phone(browser: Browser, server: str, path: str) -> None:
    with opened(browser, server, path, **PHONE) as page:
        expect(page.locator(READY.get(path, "main h1")).first).to_be_visible(timeout=SLOW)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_answer_is_read_on_a_phone(browser: Browser, server: str) -> None:
    with opened(browser, server, **PHONE) as page:
        ask(page, "How far is BTC below its all-time high right now?")
        page.locator(".marker").first.tap()
        expect(page.locator(".receipt").first).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_and_light_follow_the_system(browser: Browser, server: str) -> None:
    def ground(path: str, scheme: str) -> str:
        with opened(browser, server, path, color_scheme=scheme) as page:
            expect(page.locator(READY.get(path, "main h1")).first).to_be_visible(timeout=SLOW)
            return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    for path in ("/", "/learn"):
        assert ground(path, "dark") == "rgb(20, 23, 27)"
        assert ground(path, "light") == "rgb(251, 250, 247)"


def test_a_question_is_asked_and_its_receipt_read_by_keyboard_alone(page: Page) -> None:
    def press_until(selector: str, key: str = "Tab") -> None:
        for _ in range(60):
            page.keyboard.press(key)
            if page.evaluate("(wanted) => document.activeElement?.matches(wanted) ?? false", selector):
                return
        pytest.fail(f"{selector} is not reached by {key}")

    press_until("#question textarea")
    page.keyboard.type("What is a liquidation cascade?")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation .turn")).to_have_count(1, timeout=SLOW)
    press_until("a.marker", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".receipt summary").first).to_be_focused()
    expect(page.locator(".receipt").first).to_have_attribute("open", "")
    press_until("[data-rate=up]", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_question_box_stays_in_sight_and_hides_nothing_that_is_focused(browser: Browser, server: str) -> None:
    with opened(browser, server, **PHONE) as page:
        box = page.locator("#question")
        expect(page.locator(".welcome")).to_be_visible(timeout=SLOW)
        expect(box).to_be_in_viewport(ratio=1)
        ask(page, "How far is BTC below its all-time high right now?")
        page.evaluate("window.scrollTo(0, 0)")
        expect(box).to_be_in_viewport(ratio=1)
        for _ in range(25):
            page.keyboard.press("Tab")
            hidden = page.evaluate(
                """() => {
                    const one = document.activeElement, box = document.querySelector('#question');
                    if (one === document.body || box.contains(one)) return false;
                    return one.getBoundingClientRect().bottom > box.getBoundingClientRect().top + 1;
                }"""
            )
            assert not hidden, page.evaluate("document.activeElement.outerHTML")
