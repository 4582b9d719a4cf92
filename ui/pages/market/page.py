"""The Market page: pickers, replay controls and figures, and which handler each of them goes to."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import gradio as gr

from market.figures import Theme
from market.replay import Replay
from rag.phrasing import moment_in_words
from ui.app import App
from ui.chat.strip import market_strip
from ui.pages.frame import masthead
from ui.pages.market.dashboard import PANELS, WINDOWS, Look, panels
from ui.pages.market.readings import readings_table
from ui.pages.market.replaying import SPEEDS, minutes_into, scrubbed, tape_at, tape_called, tape_name, tape_names
from ui.pages.replay import STORED, restored

Updates = tuple[Any, ...]

_PLAYING_SECONDS, _RESTING_SECONDS = 3, 60
_THEME = "(...given) => [...given.slice(0, -1), document.body.classList.contains('dark') ? 'dark' : 'light']"
_EVENTS = (Path(__file__).parents[2] / "chat" / "events.js").read_text("utf-8")


class MarketPage:
    """The page over one app. Its methods are the page's handlers; `wall` gives the real time."""

    def __init__(self, app: App, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._app = app
        self._wall = wall

    def show(self, asset: str, window: str, replay: Replay | None, theme: str) -> Updates:
        """Strip, where the replay stands, slider, timer, all readings, then each figure between what is said above
        and below it.
        """
        at = replay.moment(self._wall()) if replay else None
        look = Look(asset, window, at, cast("Theme", theme))
        shown = panels(self._app.market, self._app.library.events, look)
        passed, length = minutes_into(at or self._app.market.now())
        playing = replay is not None and replay.since is not None and passed < length
        return (
            market_strip(self._app.market, at),
            self.position(at),
            gr.Slider(value=round(passed), maximum=max(length, 1), interactive=length > 0),
            gr.Timer(_PLAYING_SECONDS if playing else _RESTING_SECONDS),
            readings_table(self._app.market, look),
            *(part for panel in shown for part in (panel.above, panel.figure, panel.below)),
        )

    def position(self, at: datetime | None) -> str:
        """Where the replay stands, in one line."""
        return f"**{moment_in_words(at)}**" if at else f"**{moment_in_words(self._app.market.now())}**, the clock’s now"

    def restore(self, kept: object) -> Updates:
        """Replay and tape, as the browser kept them."""
        replay = restored(kept)
        tape = tape_at(replay.moment(self._wall())) if replay else None
        return replay, gr.Radio(value=tape_name(tape)) if tape else gr.skip()

    def play(self, replay: Replay | None, speed: str) -> Updates:
        """As every press of the controls: the replay, and what the browser keeps of it."""
        return _both((replay or Replay(at=self._app.market.now())).playing(self._wall(), SPEEDS[speed]))

    def pause(self, replay: Replay | None) -> Updates:
        return _both(replay.paused(self._wall()) if replay else None)

    def scrub(self, replay: Replay | None, minutes: float) -> Updates:
        return _both(scrubbed(replay, self._app.market.now(), minutes, self._wall()))

    def pick(self, name: str) -> Updates:
        """Standing where the picked tape is worth a first look."""
        return _both(Replay(at=tape_called(name).replay_at))

    def release(self) -> Updates:
        return _both(None)


def build_market(app: App, site: gr.Blocks) -> None:
    """Fills the page of `site` that is being built with the market of `app`."""
    market = MarketPage(app)
    assets = [asset for asset in app.market.assets() if asset != "ALL"]
    replay = gr.State(None)
    kept = gr.BrowserState(None, storage_key=STORED, secret=STORED)
    theme = gr.Textbox("light", visible="hidden", label="Theme")
    timer = gr.Timer(_RESTING_SECONDS)

    gr.HTML(masthead("market"), apply_default_css=False)
    strip = gr.HTML(market_strip(app.market), elem_id="market-strip", js_on_load=_EVENTS, apply_default_css=False)
    with gr.Row(elem_id="pickers"):
        gr.HTML("<h1 class='room'>Market</h1>", apply_default_css=False)
        asset = gr.Dropdown(assets, value=_first(assets), label="Asset", elem_id="asset", filterable=False)
        window = gr.Radio(list(WINDOWS), value="24h", label="Window", elem_id="window")
    with gr.Accordion("Replay a crash, minute by minute", elem_id="replay"):
        with gr.Row():
            tape = gr.Radio(list(tape_names()), label="Reconstruction of", value=None, elem_id="tape")
            speed = gr.Radio(list(SPEEDS), value=next(iter(SPEEDS)), label="Speed", elem_id="speed")
        slider = gr.Slider(0, 1, step=1, label="Minutes into the reconstruction", elem_id="scrub", buttons=[])
        with gr.Row(elem_id="transport"):
            play = gr.Button("Play", variant="primary", elem_id="play")
            pause = gr.Button("Pause", elem_id="pause")
            release = gr.Button("Back to now", elem_id="now")
            stands = gr.Markdown(market.position(None), elem_id="stands")
    figures: list[Any] = []
    with gr.Row(elem_id="panels"):
        for number in range(PANELS):
            with gr.Column(elem_classes="panel"):
                figures += [
                    gr.HTML("", apply_default_css=False),
                    gr.Plot(show_label=False, elem_id=f"figure-{number}"),
                    gr.HTML("", apply_default_css=False),
                ]

    table = gr.HTML("", elem_id="readings", apply_default_css=False)

    showing: dict[str, Any] = {
        "fn": market.show,
        "inputs": [asset, window, replay, theme],
        "outputs": [strip, stands, slider, timer, table, *figures],
        "js": _THEME,
        "show_progress": "hidden",
    }
    opening = site.load(fn=market.restore, inputs=kept, outputs=[replay, tape], show_progress="hidden")
    opening.then(**showing)
    for changed in (asset.change, window.change, timer.tick):
        changed(**showing)
    standing: dict[str, Any] = {"outputs": [replay, kept], "show_progress": "hidden"}
    play.click(market.play, [replay, speed], **standing).then(**showing)
    speed.input(market.play, [replay, speed], **standing).then(**showing)
    pause.click(market.pause, replay, **standing).then(**showing)
    slider.input(market.scrub, [replay, slider], trigger_mode="always_last", **standing).then(**showing)
    tape.input(market.pick, tape, **standing).then(**showing)
    release.click(market.release, None, **standing).then(**showing)
    strip.release(market.release, None, **standing).then(**showing)


def _both(replay: Replay | None) -> Updates:
    return replay, replay.model_dump(mode="json") if replay else None


def _first(assets: list[str]) -> str | None:
    return "BTC" if "BTC" in assets else next(iter(assets), None)
