"""Mounts every page beside the API: the chat at `/`, the rooms under their names, style and scripts from here."""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from gradio.components import Navbar

from ui.app import App
from ui.chat.page import build_chat
from ui.pages.admin.routes import admin_routes
from ui.pages.calculators.routes import calculator_routes
from ui.pages.frame import ASSETS
from ui.pages.learn.routes import learn_routes
from ui.pages.market.page import build_market
from ui.pages.rendering import render

_STATIC = Path(__file__).with_name("static")
_AT_ONCE = 16
"""How many people each handler of the pages serves at once; Gradio's own limit is one."""


def mount_pages(api: FastAPI, app: App, host: str, port: int) -> FastAPI:
    """The API with the pages beside it. No fonts, scripts or analytics are loaded from elsewhere."""
    api.mount(ASSETS, StaticFiles(directory=_STATIC))
    api.add_api_route("/embed.js", _embed, include_in_schema=False)
    api.include_router(learn_routes(app))
    api.include_router(calculator_routes())
    api.include_router(admin_routes(app))
    site = gr.Blocks(title="Market Pulse", analytics_enabled=False, fill_width=True)
    with site:
        Navbar(visible=False)
        build_chat(app, site)
    with site.route("Market", "/market"):
        Navbar(visible=False)
        build_market(app, site)
    # Programs have an API of their own; what the pages do inside is called by the pages alone.
    site.queue(default_concurrency_limit=_AT_ONCE, api_open=False)
    mounted: FastAPI = gr.mount_gradio_app(
        api,
        site,
        path="/",
        server_name=host,
        server_port=port,
        theme=_theme(),
        head=render("head.html", assets=ASSETS),
        favicon_path=_STATIC / "icon.png",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
    )
    return mounted


async def _embed() -> FileResponse:
    """The script that puts the chat on another page."""
    return FileResponse(_STATIC / "embed.js", media_type="text/javascript")


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme in our type; the colours come from the style sheet."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "sans-serif"]
    return gr.themes.Base(font=sans, font_mono=["ui-monospace", "Menlo", "monospace"])
