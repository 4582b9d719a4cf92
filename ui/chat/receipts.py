"""Receipts as a page shows them: a passage with the used sentence marked, a figure, a reading, a calculation."""

from collections.abc import Mapping
from urllib.parse import urlencode

from markupsafe import Markup

from market.market import Market
from market.reading import Reading
from rag.answer import Answer
from rag.evidence import Evidence
from rag.phrasing import reading_value
from ui.chat.sparkline import sparkline
from ui.pages.learn.places import place
from ui.pages.rendering import highlighted, render

MODES = {
    "live": "Live data",
    "imported": "Imported data",
    "reconstruction": "Reconstruction, not exchange data",
    "none": "No market data",
}
"""How each mode of the data is called wherever data are shown."""


def receipts(answer: Answer, market: Market, *, first_open: bool) -> list[Markup]:
    """One block for each piece of evidence, in the order of their numbers."""
    return [_receipt(answer, item, market, opened=first_open and item.n == 1) for item in answer.evidence]


def _receipt(answer: Answer, item: Evidence, market: Market, *, opened: bool) -> Markup:
    said = [claim.text for claim in answer.claims if item.n in claim.evidence]
    anchor = f"{answer.id}-{item.n}"
    shown: dict[str, object] = {"item": item, "detail": item.detail, "anchor": anchor, "opened": opened}
    if item.kind == "passage":
        shown |= {"text": highlighted(item.text, said), "place": place(item.detail["slug"], item.detail["anchor"])}
    elif item.kind == "reading":
        reading = Reading.model_validate({name: item.detail[name] for name in Reading.model_fields})
        shown |= {
            "reading": reading,
            "value": reading_value(reading),
            "mode": MODES[reading.mode],
            "chart": sparkline(market, reading),
        }
    elif item.kind == "calculation":
        shown |= {"calculator": calculator_address(item.detail)}
    return render(f"receipt_{item.kind}.html", **shown)


def calculator_address(detail: Mapping[str, object]) -> str:
    """Where the calculator opens with the inputs of a calculation filled in.

    Margin follows from size and leverage, and a venue brings its own convention, so neither is said twice.
    """
    inputs = detail["inputs"]
    assert isinstance(inputs, Mapping)  # noqa: S101 - a Calculation's inputs are a mapping
    implied = {"margin"} if {"leverage", "quantity"} <= set(inputs) else set()
    implied |= {"convention"} if "venue" in inputs else set()
    given = {
        name: f"{value:.10g}" if isinstance(value, float) else str(value)
        for name, value in inputs.items()
        if value and name not in implied
    }
    return f"/calculators/{detail['calculation']}?{urlencode(given)}"
