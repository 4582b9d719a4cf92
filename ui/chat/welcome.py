"""The first screen: what this is, what it is not, what data it stands on, and questions to begin with."""

from rag.phrasing import moment_in_words
from rag.replies import Replies
from ui.app import App
from ui.pages.rendering import render


def welcome(app: App) -> str:
    """The first screen, with the numbers of what is really there."""
    events = app.library.events
    return str(
        render(
            "welcome.html",
            passages=f"{len(app.library.index):,}",
            figures=f"{sum(len(event.shown) for event in events):,}",
            events=len(events),
            data=_data(app),
            suggestions=Replies.load().suggestions,
        )
    )


def _data(app: App) -> str:
    status = app.market.status()
    moment = moment_in_words(status.as_of)
    if status.mode == "reconstruction":
        return (
            f"A reconstruction, replayed as of {moment}: generated from published figures with a fixed seed. "
            "It is not exchange data, and every answer that uses it says so."
        )
    if status.mode == "none":
        return "No market data is there; answers stand on passages and published figures."
    age = "stale since" if status.stale else "newest row"
    newest = moment_in_words(status.latest) if status.latest else "unknown"
    return f"{status.mode.capitalize()} market data from {status.source}, as of {moment}; {age} {newest}."
