"""What every page stands in: the head with its navigation, the style sheet, and the line that says what this is not."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from rag.answer import NOTICE
from ui.pages.rendering import render

Room = Literal["chat", "market", "learn", "calculators", "admin"]

ASSETS = "/assets/pulse"
"""Where the style sheet and the scripts are served."""


@dataclass(frozen=True)
class Place:
    """A room as the navigation names it."""

    room: Room
    name: str
    path: str


PLACES = (
    Place("chat", "Ask", "/"),
    Place("market", "Market", "/market"),
    Place("learn", "Learn", "/learn"),
    Place("calculators", "Calculators", "/calculators"),
)


def masthead(room: Room) -> Markup:
    """Name and navigation, with the place of `room` marked as the one shown."""
    return render("masthead.html", places=PLACES, room=room)


def page(template: str, room: Room, title: str, **values: object) -> str:
    """A whole page of its own: `template` inside the frame."""
    return str(render(template, room=room, places=PLACES, title=title, assets=ASSETS, notice=NOTICE, **values))
