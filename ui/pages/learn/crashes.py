"""Crashes side by side: for each the best sourced figure of what people compare, and every figure it stands beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.figures import Event, Figure
from rag.figures import FigureGuide
from rag.phrasing import figure_value

_COMPARED = ("liquidations", "bitcoin_low", "bitcoin_fall", "traders")


@dataclass(frozen=True)
class Cell:
    """The best sourced figure; `others` are the values of other sources for the same quantity."""

    figure: Figure
    label: str
    value: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One crash with a cell, or None, for each compared quantity."""

    event: Event
    cells: tuple[Cell | None, ...]


def compared(events: Sequence[Event], guide: FigureGuide) -> list[Row]:
    """Every crash, the latest first."""
    families = [family for family in _COMPARED if family in guide.families]
    return [
        Row(event, tuple(_cell(event, family, guide) for family in families))
        for event in sorted(events, key=lambda event: event.start, reverse=True)
    ]


def figure_tables(event: Event, guide: FigureGuide) -> Mapping[str, Sequence[Figure]]:
    """The event's figures by what they measure, best graded first; sources that disagree stand together."""
    tables: dict[str, list[Figure]] = {}
    for figure in sorted(event.shown, key=lambda figure: figure.grade):
        tables.setdefault(guide.wording(figure.quantity).label, []).append(figure)
    return tables


def _cell(event: Event, family: str, guide: FigureGuide) -> Cell | None:
    main, _ = guide.figures(event, family)
    if not main:
        return None
    value = figure_value(main[0])
    others = dict.fromkeys(figure_value(figure) for figure in main[1:])
    label = guide.wording(main[0].quantity).label
    return Cell(main[0], label, value, tuple(other for other in others if other != value))
