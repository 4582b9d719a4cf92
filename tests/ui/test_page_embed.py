"""The chat on a newsroom's page, from a second origin on this machine: shown where it may be, and nowhere else."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from tests.ui.browsing import SLOW
from ui.app import App
from ui.keys import Keyring
from ui.server import listen
from ui.serving import build_served
from ui.settings import UiSettings

pytestmark = pytest.mark.browser


@pytest.fixture
def newsroom() -> Iterator[Callable[[str], str]]:
    """Serves a page with the given body from an origin of its own; called with "" it gives the origin."""
    body = ""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html = f"<!doctype html><title>News</title><h1>A newspaper</h1>{body}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(html)))
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            pass

    def printed(html: str) -> str:
        nonlocal body
        body = html
        return f"http://localhost:{server.server_port}"

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield printed
    server.shutdown()
    server.server_close()


@pytest.fixture
def pulse(app: App, tmp_path: Path, newsroom: Callable[[str], str]) -> Iterator[Callable[[tuple[str, ...]], str]]:
    """Serves the product with the given origins allowed to show it; gives its address."""
    running: list[tuple[uvicorn.Server, threading.Thread, socket.socket]] = []

    def serving(origins: tuple[str, ...]) -> str:
        bound = listen("127.0.0.1", 0)
        port = int(bound.getsockname()[1])
        served = build_served(app, UiSettings(embed_origins=origins), Keyring.open(tmp_path, None), "127.0.0.1", port)
        server = uvicorn.Server(uvicorn.Config(served, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        running.append((server, thread, bound))
        return f"http://127.0.0.1:{port}"

    yield serving
    for server, thread, bound in running:
        server.should_exit = True
        thread.join(timeout=30)
        bound.close()


def test_one_script_tag_puts_the_chat_on_a_page_that_may_show_it(
    browser: Browser, newsroom: Callable[[str], str], pulse: Callable[[tuple[str, ...]], str]
) -> None:
    address = pulse((newsroom(""),))
    origin = newsroom(f'<script src="{address}/embed.js" data-theme="dark" async></script>')
    page = browser.new_page()
    page.goto(origin)
    chat = page.frame_locator("iframe[title^='Market Pulse']")
    expect(chat.locator("#market-strip")).to_contain_text("Reconstruction", timeout=SLOW)
    expect(chat.locator(".masthead")).to_be_hidden()
    expect(chat.locator("body")).to_have_class("dark", timeout=SLOW)
    expect(chat.locator("#question .submit-button")).to_be_visible(timeout=SLOW)
    chat.locator("#question textarea").fill("What is a liquidation cascade?")
    chat.locator("#question textarea").press("Enter")
    expect(chat.locator("#conversation .turn .marker").first).to_be_visible(timeout=SLOW)
    page.close()


def test_a_page_that_was_not_named_shows_no_chat(
    browser: Browser, newsroom: Callable[[str], str], pulse: Callable[[tuple[str, ...]], str]
) -> None:
    address = pulse(("https://news.example.org",))
    origin = newsroom(f'<script src="{address}/embed.js" async></script>')
    page = browser.new_page()
    with page.expect_event("console", lambda message: "frame-ancestors" in message.text, timeout=SLOW):
        page.goto(origin)
    assert page.frame_locator("iframe").locator("#market-strip").count() == 0
    page.close()
