"""The web page in a real browser: ask, read the receipt, look at the strip."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = pytest.mark.browser


@pytest.fixture
def page(server: str) -> Iterator[Page]:
    """A fresh page on the chat; every request it makes and every console error is kept for the test to judge."""
    if not Path(CHROMIUM).exists():
        pytest.skip("the browser is not here: install Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(server)
        expect(opened.locator("#market-strip")).to_contain_text("Reconstruction")
        yield opened
        browser.close()


def ask(page: Page, question: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")


def test_a_typed_question_yields_an_answer_with_numbered_sources(page: Page) -> None:
    ask(page, "How much was liquidated on 10 October 2025?")
    reply = page.locator("#chat .bot").last
    expect(reply).to_contain_text("19.16 billion USD", timeout=20_000)
    expect(reply.locator('a[href^="#ans_"]').first).to_have_text("[1]")
    expect(page.locator("#receipts .mp-receipt").first).to_contain_text("CoinGlass")


def test_a_marker_opens_its_receipt(page: Page) -> None:
    ask(page, "What is a liquidation cascade?")
    marker = page.locator('#chat .bot a[href^="#ans_"]').last
    expect(marker).to_be_visible(timeout=20_000)
    receipt = page.locator("#receipts .mp-receipt").first
    expect(receipt).to_have_attribute("open", "")
    receipt.locator("summary").click()
    expect(receipt).not_to_have_attribute("open", "")
    page.locator('#chat .bot a[href^="#ans_"]').first.click()
    expect(receipt).to_have_attribute("open", "")
    expect(receipt.locator("mark").first).to_be_visible()


def test_a_suggestion_asks_its_question(page: Page) -> None:
    page.locator("#suggestions").get_by_text("What are forced liquidations in crypto trading?").click()
    expect(page.locator("#chat .bot").last).to_contain_text("margin", timeout=20_000)


def test_a_follow_up_keeps_the_conversation(page: Page) -> None:
    ask(page, "How far is BTC below its all-time high right now?")
    expect(page.locator("#receipts")).to_contain_text("BTC", timeout=20_000)
    ask(page, "and for ETH?")
    expect(page.locator("#receipts .mp-receipts")).to_contain_text("ETH", timeout=20_000)


def test_the_strip_says_what_data_it_shows_and_as_of_when(page: Page) -> None:
    strip = page.locator("#market-strip")
    for text in ("Bitcoin", "Below its high", "Liquidated in 24 h", "Fear & Greed", "5 November 2025, 00:00 UTC"):
        expect(strip).to_contain_text(text)


def test_markup_in_a_question_is_shown_and_not_run(page: Page) -> None:
    ask(page, '<img src=x onerror="window.hacked=1"> what is leverage?')
    expect(page.locator("#chat .bot").last).to_contain_text("everage", timeout=20_000)
    assert page.evaluate("window.hacked") is None


def test_nothing_is_fetched_from_elsewhere_and_the_console_is_quiet(server: str) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("the browser is not here: install Debian's chromium")
    outside: list[str] = []
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        opened = browser.new_page()
        opened.on("request", lambda request: None if _local(request.url, server) else outside.append(request.url))
        opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        opened.goto(server)
        ask(opened, "What is leverage?")
        expect(opened.locator("#chat .bot").last).to_contain_text("everage", timeout=20_000)
        browser.close()
    assert outside == []
    assert errors == []


def _local(url: str, server: str) -> bool:
    return url.startswith((server, server.replace("http", "ws", 1), "data:", "blob:"))
