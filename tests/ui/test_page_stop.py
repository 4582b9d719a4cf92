"""The stop button: it ends the answer under way and the work on it, and the page goes on."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.browsing import SLOW, ask, opened
from tests.ui.holding import Held, holding, until
from tests.ui.serving import serving
from ui.app import App

pytestmark = pytest.mark.browser

QUESTION = "What is a liquidation cascade?"


@pytest.fixture
def held(app: App) -> Iterator[Held]:
    """Answers wait after their first sentence."""
    with holding(app, after_sentences=1) as found:
        yield found


@pytest.fixture
def streaming(held: Held, home: Path, browser: Browser) -> Iterator[tuple[Page, str]]:
    """The chat with the first sentence of an answer on it, and the server's address."""
    with serving(held.app, home) as address, opened(browser, address) as page:
        expect(page.locator("#question .submit-button")).to_be_visible(timeout=SLOW)
        page.locator("#question textarea").fill(QUESTION)
        page.locator("#question textarea").press("Enter")
        expect(page.locator("#under-way .text")).to_contain_text("cascade", timeout=SLOW)
        assert held.waiting.wait(60)
        yield page, address
        held.let_go.set()


def test_stopping_frees_the_work_and_gives_the_question_back(held: Held, streaming: tuple[Page, str]) -> None:
    page, address = streaming
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#under-way .turn")).to_have_count(0)
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    assert held.freed.wait(60)
    until(lambda: 'answers_abandoned_total{face="chat"} 1.0' in httpx.get(f"{address}/metrics").text)
    assert 'answers_under_way{face="chat"} 0.0' in httpx.get(f"{address}/metrics").text

    held.let_go.set()
    ask(page, "What is leverage?")
    expect(page.locator("#conversation .asked")).to_have_text("What is leverage?")


def test_a_new_conversation_ends_the_answer_under_way(held: Held, streaming: tuple[Page, str]) -> None:
    page, _ = streaming
    held.let_go.set()
    expect(page.locator("#conversation .turn")).to_have_count(1, timeout=SLOW)
    held.let_go.clear()
    held.waiting.clear()
    page.locator("#question textarea").fill("What is leverage?")
    page.locator("#question textarea").press("Enter")
    assert held.waiting.wait(60)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#under-way .turn")).to_have_count(0)
    assert held.freed.wait(60)
    held.let_go.set()
    ask(page, "What is open interest?")
    expect(page.locator("#conversation .asked")).to_have_text("What is open interest?")


def test_while_an_answer_is_made_no_other_one_is_offered(held: Held, streaming: tuple[Page, str]) -> None:
    page, _ = streaming
    held.let_go.set()
    chips = page.locator("#conversation .chips button")
    expect(chips.first).to_be_visible(timeout=SLOW)
    held.let_go.clear()
    page.locator("#question textarea").fill("What is leverage?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#under-way .asked")).to_be_visible()
    expect(chips).to_have_count(0)
    page.get_by_role("button", name="Stop").click()
    expect(chips.first).to_be_visible()
