"""Admin in a real browser: a maintainer signs in, sees how things stand, takes a stub along, and leaves."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from eval.gate import COMMITTED_BASELINE
from market.feeds.keeping import keep
from market.feeds.states import FeedState
from market.market import Market
from market.settings import MarketSettings
from rag.questionlog import QuestionLog
from tests.ui.browsing import opened
from tests.ui.serving import serving
from tests.ui.test_page_access import PHONE, faults
from ui.app import App
from ui.keys import Keyring

pytestmark = pytest.mark.browser

UNKNOWN = "Who won the football world cup in 2022?"
LATE = FeedState(
    name="candles BTC",
    kind="candles",
    asset="BTC",
    source=None,
    checked=datetime(2026, 3, 1, 13, tzinfo=UTC),
    answered=None,
    newest=None,
    error="no venue answered",
)


@pytest.fixture
def address(app: App, home: Path) -> Iterator[str]:
    """A server with something to tell of everything that Admin shows."""
    home.mkdir()
    market = Market.open(home, MarketSettings(), read_only=False)
    keep(market.store, [], [], [LATE])
    log = QuestionLog.open(f"sqlite:///{home / 'log.sqlite'}", 30)
    watched = replace(app, home=home, market=market, questions=log)
    shutil.copytree(COMMITTED_BASELINE, home / "runs" / "20251105T000000Z")
    with closing(market), serving(watched, home) as found:
        httpx.post(f"{found}/v1/answers", json={"question": UNKNOWN}, timeout=30).raise_for_status()
        answer = httpx.post(f"{found}/v1/answers", json={"question": "What is leverage?"}, timeout=30).json()
        rating = {"answer_id": answer["id"], "rating": "down", "comment": "It is hard to understand"}
        httpx.post(f"{found}/v1/feedback", json=rating).raise_for_status()
        yield found


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("Key").fill(key)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("context", [{"color_scheme": "light"}, {"color_scheme": "dark", **PHONE}])
def test_a_maintainer_sees_everything_and_leaves(
    browser: Browser, address: str, home: Path, context: dict[str, object]
) -> None:
    _, key = Keyring.open(home, None).create("maintainer", ["admin"])
    with opened(browser, address, "/admin", **context) as page:
        assert faults(page) == []
        sign_in(page, key)
        expect(page.locator("main h1")).to_have_text("Admin")
        for words in (
            "passages of",
            "crashes",
            "candles BTC",
            "no venue answered",
            UNKNOWN,
            "It is hard to understand",
        ):
            expect(page.locator("main")).to_contain_text(words)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        with page.expect_download() as saving:
            page.get_by_role("row", name=UNKNOWN).get_by_role("link", name="Make a stub").click()
        stub = yaml.safe_load(Path(saving.value.path()).read_text("utf-8"))
        assert [entry["question"] for entry in stub["entries"]] == [UNKNOWN]

        page.get_by_role("link", name="The whole report").click()
        expect(page.locator("h1")).to_have_text("Answer quality")
        page.go_back()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Key")).to_be_focused()
        page.goto("/admin")
        expect(page.get_by_label("Key")).to_be_visible()


def test_a_reader_is_told_what_the_key_lacks(browser: Browser, address: str, home: Path) -> None:
    with opened(browser, address, "/admin") as page:
        expect(page.locator("main")).to_contain_text("market-pulse keys create NAME --scope admin")
        _, key = Keyring.open(home, None).create("reader", ["ask", "read"])
        sign_in(page, key)
        expect(page.locator("main")).to_contain_text("needs a key with the scope “admin”")
        expect(page.locator("main")).not_to_contain_text(UNKNOWN)
