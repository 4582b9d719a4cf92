"""The Market page in a real browser: figures with their origin, pickers, and a replay that moves the answers."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from market.dashboard import dashboard
from market.replay import Replay
from rag.phrasing import reading_value
from tests.ui.browsing import SLOW, ask, opened
from ui.app import App
from ui.pages.market.dashboard import WINDOWS, Look, panels
from ui.pages.market.readings import readings_table
from ui.pages.market.replaying import minutes_into, scrubbed
from ui.pages.replay import restored

NOON = datetime(2025, 11, 4, 12, tzinfo=UTC)
WALL = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("kept", [None, "", {}, {"at": "yesterday"}, {"at": "2025-11-04T12:00:00", "speed": -1}, [1]])
def test_what_a_browser_keeps_and_is_no_replay_is_left_aside(kept: object) -> None:
    assert restored(kept) is None


def test_a_replay_comes_back_from_the_browser_as_it_was() -> None:
    playing = Replay(at=NOON).playing(WALL, 60)
    assert restored(playing.model_dump(mode="json")) == playing


def test_scrubbing_moves_within_the_tape_and_off_any_tape_does_nothing() -> None:
    moved = scrubbed(None, NOON, 30, WALL)
    assert moved is not None
    assert minutes_into(moved.at) == (30.0, 4_320.0)
    assert scrubbed(None, WALL, 30, WALL) is None


@pytest.mark.parametrize("window", WINDOWS)
def test_every_panel_says_its_origin_and_moment_for_every_window(app: App, window: str) -> None:
    for panel in panels(app.market, app.library.events, Look("ETH", window, NOON, "light")):
        assert "as of 4 Nov 2025 12:00 UTC" in panel.above
        assert "not exchange data" in panel.above or "no data" in panel.above.lower()
        assert "as_of=2025-11-04T12%3A00%3A00%2B00%3A00" in panel.below


def test_an_event_is_marked_when_its_low_was_where_that_is_known(app: App) -> None:
    midnight = datetime(2025, 11, 5, tzinfo=UTC)
    below = panels(app.market, app.library.events, Look("BTC", "24h", midnight, "light"))[0].below
    assert "Marked: 4 November 2025 test of 100,000 USD (4 Nov 2025 21:37 UTC)." in below


def test_the_table_says_every_reading_of_the_dashboard_or_why_there_is_none(app: App) -> None:
    table = readings_table(app.market, Look("ETH", "24h", NOON, "light"))
    assert table.count("<tr>") == len(dashboard("ETH", timedelta(hours=24)))
    price = app.market.read("price", "ETH", as_of=NOON)
    assert f'<th scope="row">Price</th><td>{reading_value(price)}</td>' in table
    assert "Reconstruction, not exchange data" in table
    assert '<th scope="row">Open interest</th><td>no data</td><td>no reading of open_interest as of' in table


@pytest.fixture
def board(browser: Browser, server: str) -> Iterator[Page]:
    """The Market page, drawn."""
    with opened(browser, server, "/market", viewport={"width": 1280, "height": 900}) as page:
        expect(page.locator(".js-plotly-plot")).to_have_count(5, timeout=SLOW)
        yield page


@pytest.mark.browser
def test_the_figures_follow_the_picked_asset_and_window(board: Page) -> None:
    expect(board.locator(".above h2").first).to_have_text("BTC price and drawdown over 24h")
    board.locator("#window").get_by_text("6h", exact=True).click()
    expect(board.locator(".above h2").first).to_have_text("BTC price and drawdown over 6h", timeout=SLOW)
    board.locator("#asset input").click()
    board.get_by_role("option", name="ETH").click()
    expect(board.locator(".above h2").first).to_have_text("ETH price and drawdown over 6h", timeout=SLOW)
    expect(board.locator(".above p").first).to_contain_text("not exchange data")


@pytest.mark.browser
def test_a_replay_moves_the_strip_the_figures_and_the_answers_of_the_chat(board: Page) -> None:
    board.locator("#tape").get_by_text("10 October 2025").click()
    expect(board.locator("#market-strip")).to_contain_text("11 October 2025, 00:00 UTC", timeout=SLOW)
    expect(board.locator(".above p").first).to_contain_text("11 Oct 2025")
    board.goto("/")
    expect(board.locator("#market-strip")).to_contain_text("11 October 2025, 00:00 UTC", timeout=SLOW)
    ask(board, "What is the price of BTC?")
    expect(board.locator("#conversation .text")).to_contain_text("as of 11 October 2025, 00:00 UTC")
    board.get_by_role("button", name="Back to now").click()
    expect(board.locator("#market-strip")).to_contain_text("5 November 2025, 00:00 UTC", timeout=SLOW)
    ask(board, "What is the price of BTC?")
    expect(board.locator("#conversation .text").last).to_contain_text("as of 5 November 2025, 00:00 UTC")


@pytest.mark.browser
def test_a_replay_is_scrubbed_played_and_paused(board: Page) -> None:
    stands = board.locator("#stands")
    board.locator("#tape").get_by_text("4 November 2025").click()
    expect(stands).to_contain_text("5 November 2025, 00:00 UTC", timeout=SLOW)
    minutes = board.locator("#scrub input[type=range]")
    minutes.focus()
    minutes.press("Home")
    expect(stands).to_contain_text("3 November 2025, 00:00 UTC", timeout=SLOW)
    board.locator("#speed").get_by_text("30 minutes a second").click()
    expect(stands).not_to_contain_text("3 November 2025, 00:00 UTC", timeout=SLOW)
    board.get_by_role("button", name="Pause").click()
    expect(board.locator("#market-strip")).to_contain_text("Answers stand at this moment")
    # The clock stands between two minutes; people are shown whole ones.
    expect(board.locator("#scrub input[type=number]")).to_have_value(re.compile(r"^\d+$"))


@pytest.mark.browser
def test_asking_about_a_figure_puts_the_question_in_the_chat_as_of_the_replay(board: Page) -> None:
    board.locator("#tape").get_by_text("10 October 2025").click()
    link = board.get_by_role("link", name="Ask: How much BTC was liquidated in the last 24 hours?")
    expect(link).to_have_attribute(
        "href",
        "/?q=How+much+BTC+was+liquidated+in+the+last+24+hours%3F&as_of=2025-10-11T00%3A00%3A00%2B00%3A00",
        timeout=SLOW,
    )
    link.click()
    expect(board.locator("#conversation .text")).to_contain_text("as of 11 October 2025", timeout=SLOW)
