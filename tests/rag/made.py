"""Frames, passages and grades made by hand, so that a test of answering says only what it is about."""

from datetime import date

import numpy as np

from knowledge.document import Kind as DocumentKind
from knowledge.document import Passage
from knowledge.gazetteer import Gazetteer
from rag.answerers.entry import EntryAnswerer
from rag.frame import Frame, GuardName
from rag.judge.judge import Graded

ENTRY = EntryAnswerer({"serve": 0.5, "sure": 0.8, "helping": 0.3, "chip": 0.2})


def frame(text: str, *, guards: tuple[GuardName, ...] = (), unknown: tuple[str, ...] = ()) -> Frame:
    """A frame of `text` for which `guards` are certain."""
    nothing = np.zeros(3, dtype=np.float32)
    return Frame(
        text=text, words=text, vector=nothing, meaning=nothing, masked=nothing, routes={"explain": 1.0},
        kinds={"definition": 1.0}, guards=dict.fromkeys(guards, 1.0), yes_no=0.0,
        entities=Gazetteer.load().entities(text), unknown=unknown,
    )  # fmt: skip


def passage(id_: str, kind: DocumentKind = "faq") -> Passage:
    """A passage of two sentences that answers the question what it is."""
    slug, _, anchor = id_.partition("#")
    asked = f"What is {id_}?"
    return Passage(
        id=id_, slug=slug, anchor=anchor, kind=kind, title=slug, headings=(asked,),
        text=f"The first sentence of {id_}. The second one.", questions=(asked,), topic="liquidations",
        updated=date(2026, 11, 24), sources=(), origin=f"{slug}.yaml",
    )  # fmt: skip


def graded(id_: str, answers: float, helps: float, kind: DocumentKind = "faq", missing: tuple[str, ...] = ()) -> Graded:
    return Graded(passage(id_, kind), answers, helps, missing)
