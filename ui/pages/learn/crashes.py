"""Crashes side by side: for each the best sourced figure of what people compare, and every figure it stands beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.figures import Event, Figure
from rag.phrasing import figure_value
from rag.published import FigureTable, PublishedGuide
from rag.published.dimension import Dimension

_COMPARED: tuple[Dimension, ...] = ("liquidations", "low", "fall", "traders")


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


def compared(table: FigureTable) -> list[Row]:
    """Every crash, the latest first."""
    return [
        Row(event, tuple(_cell(event, dimension, table) for dimension in _COMPARED))
        for event in sorted(table.events, key=lambda event: event.start, reverse=True)
    ]


def figure_tables(event: Event, guide: PublishedGuide) -> Mapping[str, Sequence[Figure]]:
    """The event's figures by what they measure, best graded first; sources that disagree stand together."""
    tables: dict[str, list[Figure]] = {}
    for figure in sorted(event.shown, key=lambda figure: figure.grade):
        tables.setdefault(guide.quantity(figure.quantity).label, []).append(figure)
    return tables


def _cell(event: Event, dimension: Dimension, table: FigureTable) -> Cell | None:
    entry = table.best(event, dimension)
    figures = [row.figure for row in entry.rows if row.figure is not None] if entry else []
    if not figures:
        return None
    value = figure_value(figures[0])
    others = dict.fromkeys(figure_value(figure) for figure in figures[1:])
    label = table.guide.quantity(figures[0].quantity).label
    return Cell(figures[0], label, value, tuple(other for other in others if other != value))
