"""Photographs every page of a running server for the documentation, the same way every time."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_CHROMIUM = "/usr/bin/chromium"
_SLOW = 60_000


def photograph(address: str, folder: Path) -> None:
    """One PNG for each page, light, 1280 wide; the chat also dark and at a phone's width."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, (path, width, height, scheme, prepare) in _SHOTS.items():
            profile = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]  # one of Playwright's words
            page = profile.new_page()
            page.goto(address + path)
            prepare(page)
            page.screenshot(path=folder / f"{name}.png")
            profile.close()
        browser.close()


def _asking(question: str) -> Callable[["Page"], None]:
    def ask(page: "Page") -> None:
        page.locator("#question .submit-button").wait_for(timeout=_SLOW)
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        page.locator("#conversation .turn .tools").wait_for(timeout=_SLOW)
        page.evaluate("window.scrollTo(0, 0)")

    return ask


def _drawn(page: "Page") -> None:
    page.locator(".js-plotly-plot").nth(4).wait_for(timeout=_SLOW)
    page.wait_for_timeout(1_000)


def _still(page: "Page") -> None:
    page.locator("main h1").first.wait_for(timeout=_SLOW)


def _welcomed(page: "Page") -> None:
    page.locator("#question .submit-button").wait_for(timeout=_SLOW)


_FALL = "How much was liquidated in the last 24 hours?"
_SHOTS: dict[str, tuple[str, int, int, str, Callable[["Page"], None]]] = {
    "first-screen": ("/", 1280, 900, "light", _welcomed),
    "chat": ("/", 1280, 900, "light", _asking(_FALL)),
    "chat-dark": ("/", 1280, 900, "dark", _asking(_FALL)),
    "chat-phone": ("/", 390, 844, "light", _asking(_FALL)),
    "market": ("/market", 1280, 1000, "light", _drawn),
    "learn": ("/learn", 1280, 900, "light", _still),
    "crashes": ("/learn/events", 1280, 900, "light", _still),
    "calculator": ("/calculators/liquidation-price", 1280, 900, "light", _still),
}
