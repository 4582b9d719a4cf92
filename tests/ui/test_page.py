"""The chat in a real browser: ask, read the receipt, go on, come back, take the answer along."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from tests.ui.browsing import SLOW, ask, opened
from ui.app import App

pytestmark = pytest.mark.browser


def test_the_first_screen_says_what_this_is_what_it_is_not_and_what_data_it_stands_on(page: Page, app: App) -> None:
    welcome = page.locator(".welcome")
    figures = sum(len(event.shown) for event in app.library.events)
    for words in ("What it is", "not financial advice", f"{figures} published figures", "not exchange data"):
        expect(welcome).to_contain_text(words)


def test_a_typed_question_yields_an_answer_with_numbered_receipts(page: Page) -> None:
    ask(page, "How much was liquidated on 10 October 2025?")
    turn = page.locator("#conversation .turn")
    expect(turn.locator(".standing")).to_contain_text("Answered")
    expect(turn.locator(".text")).to_contain_text("19.16 billion USD")
    expect(turn.locator(".marker").first).to_have_text("1")
    expect(turn.locator(".receipt").first).to_contain_text("cryptomus.com")


def test_a_marker_opens_its_receipt_with_the_used_sentence_marked(page: Page) -> None:
    ask(page, "What is a liquidation cascade?")
    receipt = page.locator(".receipt").first
    receipt.locator("summary").click()
    expect(receipt).not_to_have_attribute("open", "")
    page.locator(".marker").first.click()
    expect(receipt).to_have_attribute("open", "")
    used = page.locator("#conversation .text").inner_text()
    assert receipt.locator("mark").first.inner_text() in used


def test_a_reading_shows_formula_source_moment_and_a_picture_of_its_rows(page: Page) -> None:
    ask(page, "How much was liquidated in the last 24 hours?")
    receipt = page.locator(".receipt").first
    for words in ("Reconstruction, not exchange data", "5 November 2025, 00:00 UTC", "longs +", "lower bound"):
        expect(receipt).to_contain_text(words)
    assert receipt.locator("svg rect.longs").count() == 24


def test_a_suggestion_asks_its_question(page: Page) -> None:
    page.get_by_role("button", name="What are forced liquidations in crypto trading?").click()
    expect(page.locator("#conversation .turn .text")).to_contain_text("margin", timeout=SLOW)


def test_a_follow_up_keeps_the_conversation(page: Page) -> None:
    ask(page, "How far is BTC below its all-time high right now?")
    ask(page, "and for ETH?")
    expect(page.locator(".turn").last.locator(".receipt").first).to_contain_text("(ETH)")


def test_advice_is_told_to_be_education(page: Page) -> None:
    ask(page, "Should I sell my bitcoin now?")
    expect(page.locator(".standing")).to_contain_text("Education, not advice")


def test_what_is_not_known_is_told_to_be_not_known(page: Page) -> None:
    ask(page, "Who won the football world cup in 2022?")
    expect(page.locator(".standing")).to_contain_text("Don’t know")
    expect(page.locator(".receipts")).to_contain_text("needs no receipt")


def test_the_strip_says_what_data_it_shows_and_as_of_when(page: Page) -> None:
    strip = page.locator("#market-strip")
    for words in ("Bitcoin", "Below its high", "Liquidated in 24 h", "Fear & Greed", "5 November 2025, 00:00 UTC"):
        expect(strip).to_contain_text(words)


def test_markup_in_a_question_is_shown_and_not_run(page: Page) -> None:
    ask(page, '<img src=x onerror="window.hacked=1"> what is leverage?')
    expect(page.locator(".turn .asked")).to_contain_text("<img src=x")
    assert page.evaluate("window.hacked") is None


def test_a_thumb_down_is_kept_with_its_reason(page: Page, built_home: Path) -> None:
    ask(page, "What is leverage?")
    turn = page.locator(".turn")
    answer_id = turn.locator("[data-rate=down]").get_attribute("data-answer")
    turn.get_by_role("button", name="Not helpful").click()
    turn.get_by_label("It is hard to understand").check()
    turn.get_by_label("In your words").fill("too many terms")
    turn.get_by_role("button", name="Send").click()
    expect(page.get_by_text("your feedback was kept")).to_be_visible(timeout=SLOW)
    with create_engine(f"sqlite:///{built_home / 'questions.sqlite'}").connect() as log:
        kept = log.execute(
            text("select rating, comment from ratings where answer_id = :id order by id desc"), {"id": answer_id}
        ).first()
    assert kept is not None
    assert tuple(kept) == ("down", "It is hard to understand: too many terms")


def test_an_answer_is_saved_with_its_receipts(page: Page) -> None:
    ask(page, "What is the liquidation price of a 10x long at 100000?")
    with page.expect_download() as saving:
        page.locator(".turn").get_by_role("button", name="Markdown").click()
    markdown = Path(saving.value.path()).read_text("utf-8")
    assert "## Receipts" in markdown
    assert "1. **Liquidation price** (calculation): Liquidation price: LP = E*(1 - 1/L + mmr)" in markdown
    with page.expect_download() as saving:
        page.locator(".turn").get_by_role("button", name="JSON").click()
    document = json.loads(Path(saving.value.path()).read_text("utf-8"))
    assert document["evidence"][0]["detail"]["value"] == 90_500


def test_a_shared_link_asks_the_same_question_as_of_the_same_moment(page: Page, browser: Browser, server: str) -> None:
    ask(page, "What is the price of BTC?")
    link = page.locator("[data-share]").get_attribute("data-share")
    said = page.locator("#conversation .text").inner_text()
    with opened(browser, server, str(link)) as other:
        expect(other.locator("#conversation .turn")).to_have_count(1, timeout=SLOW)
        assert other.locator("#conversation .text").inner_text() == said
        expect(other.locator("#market-strip")).to_contain_text("Answers stand at this moment")


def test_conversations_stay_in_the_browser(page: Page) -> None:
    ask(page, "What is leverage?")
    page.reload()
    expect(page.locator("#conversation .turn .asked")).to_have_text("What is leverage?", timeout=SLOW)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, "What is open interest?")
    page.locator("#past summary").click()
    page.get_by_role("button", name="What is leverage?").click()
    expect(page.locator("#conversation .turn")).to_have_count(1)
    expect(page.locator("#conversation .turn .asked")).to_have_text("What is leverage?")
    page.locator("#past summary").click()
    page.get_by_role("button", name="Forget these").click()
    expect(page.locator("#past summary")).to_have_count(0)
    page.reload()
    expect(page.locator("#conversation .turn .asked")).to_have_text("What is leverage?", timeout=SLOW)
    expect(page.locator("#past summary")).to_have_count(0)


def test_a_question_in_the_address_is_asked_once(browser: Browser, server: str) -> None:
    asked: list[str] = []
    with opened(browser, server, "/learn") as page:
        page.on("request", lambda request: asked.append(request.url) if "/queue/join" in request.url else None)
        page.goto("/?q=What+is+leverage%3F")
        expect(page.locator("#conversation .turn")).to_have_count(1, timeout=SLOW)
        # Whatever the first answer set off would have been sent by now: each turn is kept in the browser at once.
        page.wait_for_function("localStorage.getItem('market-pulse-conversations') !== null")
        page.wait_for_timeout(1_000)
        assert len(asked) == 1
        assert page.locator("#past").inner_text().find("Earlier") == -1
