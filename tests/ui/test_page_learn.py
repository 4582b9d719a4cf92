"""Learn in a real browser: browse, search, follow a receipt to its place, and open every address on load."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.browsing import SLOW, ask, opened
from ui.app import App
from ui.pages.learn.places import place

pytestmark = pytest.mark.browser


def fetched(server: str, path: str) -> str:
    with urllib.request.urlopen(server + path, timeout=30) as reply:  # noqa: S310 - loopback
        return str(reply.read().decode("utf-8"))


def test_an_article_is_found_and_read_with_its_sources(browser: Browser, server: str) -> None:
    with opened(browser, server, "/learn") as page:
        page.get_by_label("Search everything the answers cite").fill("what is a liquidation cascade")
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".hits li")).to_have_count(20)
        page.goto("/learn")
        page.get_by_role("link", name="Liquidation cascades and their feedback loop").click()
        expect(page.locator("h1")).to_have_text("Liquidation cascades and their feedback loop")
        expect(page.locator("article")).to_contain_text("updated 24 November 2026")
        assert page.locator("article .sources a[href^=http]").count() > 3


def test_a_receipt_links_to_the_place_it_was_taken_from(page: Page) -> None:
    ask(page, "What is a liquidation cascade?")
    used = page.locator(".receipt mark").first.inner_text()
    page.get_by_role("link", name="Read it in context").first.click()
    target = page.locator(":target")
    expect(target).to_be_in_viewport(timeout=SLOW)
    expect(target).to_contain_text(used)


def test_every_passage_that_can_be_cited_has_its_place_in_learn(app: App, server: str) -> None:
    pages: dict[str, str] = {}
    missing = []
    for passage in app.library.index.passages():
        if passage.slug not in pages:
            pages[passage.slug] = fetched(server, f"/learn/{passage.slug}")
        _, _, anchor = place(passage.slug, passage.anchor).partition("#")
        if f'id="{anchor}"' not in pages[passage.slug]:
            missing.append(passage.id)
    assert set(pages) == {document.slug for document in app.library.documents()}
    assert missing == []


def test_crashes_stand_side_by_side_and_each_shows_every_figure_that_may_be_shown(
    app: App, browser: Browser, server: str
) -> None:
    record = next(event for event in app.library.events if event.id == "2025-10-10_record_liquidation")
    with opened(browser, server, "/learn/events") as page:
        expect(page.locator(".timeline li")).to_have_count(len(app.library.events))
        entry = page.locator(".timeline li", has_text=record.name)
        expect(entry).to_contain_text("19.16 billion USD")
        expect(entry).to_contain_text("others say")
        entry.get_by_role("link").click()
        expect(page.locator("tbody tr")).to_have_count(len(record.shown))
        expect(page.locator("#where-sources-disagree li")).to_have_count(len(record.conflicts))


@pytest.mark.parametrize("path", ["/learn/no-such-text", "/learn/events/no-such-crash"])
def test_an_address_of_nothing_says_so(server: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetched(server, path)
    assert refused.value.code == 404


def test_markup_in_a_search_is_shown_and_not_run(browser: Browser, server: str) -> None:
    with opened(browser, server, "/learn?q=<img src=x onerror=window.hacked=1>") as page:
        expect(page.get_by_role("status")).to_contain_text("<img src=x")
        assert page.evaluate("window.hacked") is None


def test_asking_about_a_text_puts_the_question_in_the_chat(browser: Browser, server: str) -> None:
    with opened(browser, server, "/learn/faq-derivatives#what-is-open-interest") as page:
        page.locator("#what-is-open-interest").get_by_role("link", name="Ask about this").click()
        expect(page.locator("#conversation .turn .asked")).to_have_text("What is open interest?", timeout=SLOW)


def test_an_address_that_leads_nowhere_says_so_on_a_page(browser: Browser, server: str) -> None:
    page = browser.new_page(base_url=server)
    reply = page.goto("/learn/nothing-here")
    assert reply is not None
    assert reply.status == 404
    expect(page.locator("main")).to_contain_text("There is no document 'nothing-here'")
    page.get_by_role("link", name="To everything there is").click()
    expect(page.locator("main h1")).to_have_text("Learn")
    page.close()
