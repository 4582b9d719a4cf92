"""The web page: market strip, chat with streaming text, and the receipts of every answer beside it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.answer import NOTICE, Answer
from rag.errors import RagError
from rag.question import Question, Turn
from rag.replies import Replies
from ui.app import App
from ui.chat.receipts import linked_markers, receipts_panel
from ui.chat.strip import market_strip

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import Blocks

Message = dict[str, Any]

_HERE = Path(__file__).parent
_HEAD = """<div class="mp-head"><h1>Market Pulse</h1>
<p>Answers about crypto market crashes in which every number has a receipt.</p></div>"""
_PLACEHOLDER = """### Ask about crypto market crashes
Liquidations, leverage, funding, cascades, historic crashes, how investors respond.
Every number comes with its source. It explains; it never advises."""
_WORDS_AT_A_TIME = 6
_PAUSE_SECONDS = 0.015


def mount_chat(api: "FastAPI", app: App, host: str, port: int) -> "FastAPI":
    """The API with the chat mounted at `/`. No fonts, scripts or analytics are loaded from elsewhere."""
    import gradio as gr

    theme = gr.themes.Soft(
        primary_hue="blue",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "monospace"],
    )
    mounted: FastAPI = gr.mount_gradio_app(
        api,
        build_page(app),
        path="/",
        server_name=host,
        server_port=port,
        theme=theme,
        css=(_HERE / "page.css").read_text("utf-8"),
        head=f"<script>{(_HERE / 'page.js').read_text('utf-8')}</script>",
        footer_links=[],
        ssr_mode=False,
    )
    return mounted


def build_page(app: App) -> "Blocks":
    """The page's blocks, wired to the chain of `app`."""
    import gradio as gr

    suggestions = Replies.load().suggestions

    async def respond(question: str, shown: list[Message], answers: list[Answer]) -> AsyncIterator[tuple[Any, ...]]:
        if not question.strip():
            yield shown, answers, receipts_panel(answers), "", gr.skip()
            return
        turns = [Turn(role=message["role"], content=_plain(message)) for message in shown]
        shown = [*shown, {"role": "user", "content": question}]
        yield shown, answers, receipts_panel(answers), "", gr.skip()
        try:
            asked = Question.ask(question, turns, limit=app.rag_settings.question_limit)
            answer = await app.answer(asked, "chat")
        except RagError as error:
            yield (
                [*shown, {"role": "assistant", "content": f"{error}."}],
                answers,
                receipts_panel(answers),
                "",
                gr.skip(),
            )
            return
        text = linked_markers(answer)
        words = text.split(" ")
        for end in range(_WORDS_AT_A_TIME, len(words), _WORDS_AT_A_TIME):
            partial = {"role": "assistant", "content": " ".join(words[:end])}
            yield [*shown, partial], answers, gr.skip(), "", gr.skip()
            await asyncio.sleep(_PAUSE_SECONDS)
        answers = [*answers, answer]
        finished = [*shown, {"role": "assistant", "content": text}]
        yield finished, answers, receipts_panel(answers), "", _chips(answer)

    def _chips(answer: Answer) -> Any:
        return gr.update(samples=[[question] for question in answer.follow_ups or suggestions])

    page: Blocks = gr.Blocks(title="Market Pulse", analytics_enabled=False, fill_width=False)
    with page:
        answers = gr.State([])
        gr.HTML(_HEAD)
        strip = gr.HTML(value=lambda: market_strip(app.market), elem_id="market-strip")
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=340):
                chat = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    height="46vh",
                    placeholder=_PLACEHOLDER,
                    buttons=["copy", "copy_all"],
                    feedback_options=None,
                    allow_tags=False,
                    elem_classes=["mp-chat"],
                    elem_id="chat",
                )
                question = gr.Textbox(
                    label="Your question",
                    show_label=False,
                    placeholder="Ask a question, for example: why was my long closed above its liquidation price?",
                    submit_btn="Ask",
                    stop_btn=True,
                    autofocus=True,
                    max_length=app.rag_settings.question_limit,
                    elem_id="question",
                )
                chips = gr.Dataset(
                    components=[question],
                    samples=[[text] for text in suggestions],
                    label="You could ask",
                    type="values",
                    elem_classes=["mp-examples"],
                    elem_id="suggestions",
                )
                gr.HTML(f'<p class="mp-notice">{NOTICE}</p>')
            with gr.Column(scale=2, min_width=300, elem_classes=["mp-side"]):
                gr.HTML("<h2>Receipts</h2>")
                panel = gr.HTML(receipts_panel([]), elem_id="receipts")
        outputs = [chat, answers, panel, question, chips]
        question.submit(respond, [question, chat, answers], outputs, show_progress="hidden").then(
            lambda: market_strip(app.market), None, strip, show_progress="hidden"
        )
        chips.click(lambda sample: sample[0], chips, question).then(
            respond, [question, chat, answers], outputs, show_progress="hidden"
        )
    return page


def _plain(message: Message) -> str:
    """The text of a shown message; Gradio keeps content as text or as a list of parts."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
