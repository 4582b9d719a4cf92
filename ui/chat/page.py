"""The chat's page: what stands on it, and which handler each press goes to."""

from pathlib import Path
from typing import Any

import gradio as gr

from ui.app import App
from ui.chat.answering import Chat, asked_by, earlier
from ui.chat.notebook import Notebook
from ui.pages.frame import masthead
from ui.pages.replay import STORED

_EVENTS = (Path(__file__).with_name("events.js")).read_text("utf-8")
_CONVERSATIONS = "market-pulse-conversations"
_UNDER_WAY = "(_, notebook) => [document.querySelector('#under-way .asked')?.textContent ?? '', notebook]"


def build_chat(app: App, site: gr.Blocks) -> None:
    """Fills the page of `site` that is being built with the chat over `app`."""
    chat = Chat(app)
    notebook, replay = gr.State(Notebook()), gr.State(None)
    kept = gr.BrowserState(None, storage_key=_CONVERSATIONS, secret=_CONVERSATIONS)
    kept_replay = gr.BrowserState(None, storage_key=STORED, secret=STORED)

    gr.HTML(masthead("chat"), apply_default_css=False)
    strip = _live(chat.strip(None), "market-strip")
    past = _live(earlier(Notebook()), "past")
    told = _live(chat.told(Notebook()), "conversation")
    under_way = _live("", "under-way")
    box = gr.Textbox(
        label="Your question",
        show_label=False,
        placeholder="Ask a question",
        submit_btn="Ask",
        max_length=app.rag_settings.question_limit,
        elem_id="question",
    )

    answering: dict[str, Any] = {
        "fn": chat.respond,
        "inputs": [box, notebook, replay],
        "outputs": [told, under_way, box, notebook, kept, past],
        "show_progress": "hidden",
    }
    asking = box.submit(**answering)
    picking = told.ask(asked_by, None, box, show_progress="hidden").then(**answering)
    opening = site.load(
        fn=chat.open,
        inputs=[kept, kept_replay],
        outputs=[*answering["outputs"], replay, strip],
        show_progress="hidden",
    )
    making = [asking, picking, opening]
    box.stop(
        chat.stopped,
        [box, notebook],
        [told, under_way, box],
        cancels=making,
        js=_UNDER_WAY,
        show_progress="hidden",
    )

    turning: dict[str, Any] = {
        "inputs": notebook,
        "outputs": [told, under_way, box, notebook, kept, past],
        "cancels": making,
        "show_progress": "hidden",
    }
    past.fresh(chat.fresh, **turning)
    past.reopen(chat.reopen, **turning)
    past.forget(chat.forget, **turning)
    told.rate(chat.rate, None, None, show_progress="hidden")
    strip.release(chat.release, None, [replay, kept_replay, strip], show_progress="hidden")


def _live(html: str, name: str) -> gr.HTML:
    """HTML whose buttons become events of the page."""
    return gr.HTML(html, elem_id=name, js_on_load=_EVENTS, apply_default_css=False)
