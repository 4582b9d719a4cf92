"""How the browser tests look at a page: what they wait for, and what no page may ever do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SLOW = 30_000
"""Milliseconds that an answer may take on a busy machine."""
_LEAVING = ("AbortError: signal is aborted without reason", "Unexpected error Connection errored out.")
"""What Gradio's own client logs of its open stream whenever a page of it is left or loaded anew."""


@contextmanager
def opened(browser: Browser, server: str, path: str = "/", **context: Any) -> Iterator[Page]:
    """A page in a profile of its own; afterwards it must have fetched nothing from elsewhere and logged no error."""
    outside: list[str] = []
    errors: list[str] = []
    profile = browser.new_context(base_url=server, **context)
    page = profile.new_page()
    page.on("request", lambda request: None if _local(request.url, server) else outside.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(f"{error.name}: {error.message}"))
    page.goto(path)
    try:
        yield page
    finally:
        profile.close()
    assert outside == []
    assert [error for error in errors if not error.startswith(_LEAVING)] == []


def ask(page: Page, question: str) -> None:
    """Asks and waits until the answer stands."""
    turns = page.locator("#conversation .turn")
    expect(page.locator("#question textarea")).to_be_editable(timeout=SLOW)
    expect(page.locator("#question .submit-button")).to_be_visible(timeout=SLOW)
    before = turns.count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(turns).to_have_count(before + 1, timeout=SLOW)


def _local(url: str, server: str) -> bool:
    return url.startswith((server, server.replace("http", "ws", 1), "data:", "blob:"))
