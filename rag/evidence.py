"""What carries a claim: a passage, a published figure, a computed reading or a calculation, numbered in an answer."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from knowledge.document import Passage
from knowledge.figures import Event, Figure
from market.calculation import Calculation
from market.calculators import CALCULATORS
from market.reading import Reading
from rag.phrasing import amount, day_in_words, days_in_words, figure_note, figure_value, moment_in_words, reading_value

EvidenceKind = Literal["passage", "figure", "reading", "calculation"]


class Evidence(BaseModel):
    """One receipt. `text` is what a person reads; `detail` holds the exact values behind it.

    `n` is its number in the answer; 0 until the answer numbers it.
    """

    model_config = ConfigDict(frozen=True)

    n: int = 0
    kind: EvidenceKind
    title: str
    text: str
    source_url: str | None = None
    as_of: str | None = None
    score: float | None = None
    detail: Mapping[str, Any] = {}

    @property
    def key(self) -> str:
        """Equal keys are one receipt, however often it is cited."""
        return f"{self.kind}:{self.detail.get('id', self.text)}"


def from_passage(passage: Passage, score: float | None) -> Evidence:
    """A passage as evidence; its own sources stand in the detail, the first linked one as its URL."""
    url = next((str(source.url) for source in passage.sources if source.url), None)
    return Evidence(
        kind="passage",
        title=passage.headings[-1]
        if passage.kind in {"faq", "glossary"}
        else ": ".join((passage.title, *passage.headings)),
        text=passage.text,
        source_url=url,
        as_of=passage.updated.isoformat(),
        score=score,
        detail={
            "id": passage.id,
            "slug": passage.slug,
            "anchor": passage.anchor,
            "document_kind": passage.kind,
            "origin": passage.origin,
            "page": passage.page,
            "updated": passage.updated.isoformat(),
            "sources": [source.model_dump(mode="json") for source in passage.sources],
        },
    )


def from_days(event: Event, happened: Passage) -> Evidence:
    """The days of a crash as evidence, in front of the passage that tells what happened in it."""
    receipt = from_passage(happened, None)
    days = f"The {event.name} {days_in_words(event.start, event.end)}."
    return receipt.model_copy(
        update={
            "text": f"{days} {happened.text}",
            "detail": {**receipt.detail, "id": f"{happened.id}/days", "start": str(event.start), "end": str(event.end)},
        }
    )


def from_figure(event: Event, figure: Figure, label: str) -> Evidence:
    """A published figure as evidence: value, window, publisher and date in one line."""
    date = day_in_words(figure.source_date) if figure.source_date else "date not stated"
    value = figure_value(figure)
    return Evidence(
        kind="figure",
        title=f"{label}, {event.name}",
        text=f"{label} in the {event.name}: {value} ({figure_note(figure)}). Source: {figure.source}, {date}.",
        source_url=str(figure.source_url) if figure.source_url else None,
        as_of=figure.source_date,
        detail={
            "id": f"{event.id}/{figure.quantity}/{figure.value}/{figure.window}/{figure.source}",
            "event": event.id,
        }
        | figure.model_dump(mode="json"),
    )


def from_reading(reading: Reading, title: str) -> Evidence:
    """A computed reading as evidence: formula with numbers, window, source, as-of and how complete it is."""
    window = f" over {reading.window}" if reading.window else ""
    moment = moment_in_words(reading.as_of)
    market_wide = reading.asset == "ALL"
    whose = "" if market_wide else f" of {reading.asset}"
    return Evidence(
        kind="reading",
        title=title if market_wide else f"{title} ({reading.asset})",
        text=(
            f"{title}{whose}{window}: {reading_value(reading)}, as of {moment}. "
            f"Source: {reading.source} ({reading.mode}). Formula: {reading.formula}. "
            f"Completeness: {reading.completeness}; sample size {reading.sample_size}."
        ),
        as_of=reading.model_dump(mode="json")["as_of"],
        detail={"id": f"{reading.metric}/{reading.asset}/{reading.window}/{reading.as_of.isoformat()}"}
        | reading.model_dump(mode="json"),
    )


def from_calculation(calculation: Calculation, title: str) -> Evidence:
    """A calculation as evidence: the formula with the asker's numbers filled in, and what was assumed."""
    assumed = f" Assumptions: {'; '.join(calculation.assumptions)}." if calculation.assumptions else ""
    units = {spec.name: spec.unit for spec in CALCULATORS[calculation.calculation].inputs}
    given = "; ".join(
        f"{name.replace('_', ' ')} {value if isinstance(value, str) else amount(value, units.get(name, ''))}"
        for name, value in calculation.inputs.items()
    )
    detail = calculation.model_dump(mode="json")
    return Evidence(
        kind="calculation",
        title=title,
        text=f"{title}: {calculation.formula}. Inputs: {given}.{assumed}",
        detail={"id": f"{calculation.calculation}/{calculation.formula}"} | detail,
    )
