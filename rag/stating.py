"""Says published figures, readings and calculations in plain sentences, each with what carries it."""

import re
from collections.abc import Mapping, Sequence

from knowledge.figures import Event, Figure
from market.calculation import Calculation
from market.calculators.registry import Calculator
from market.metrics.registry import Metric
from market.reading import Reading
from rag.draft import DraftClaim
from rag.evidence import Evidence, from_calculation, from_figure, from_reading
from rag.figures import FigureGuide
from rag.phrasing import (
    amount,
    day_in_words,
    figure_value,
    hedged,
    in_a_sentence,
    joined,
    moment_in_words,
    window_in_words,
)
from rag.planning import FigureGroup

_AGREE = 0.05
"""Figures whose values lie within 5% of each other are told as one."""

_MOST = 4


class FigureSentences:
    """Says groups of figures: one value where publishers agree, the range with all names where they do not."""

    def __init__(self, guide: FigureGuide) -> None:
        self._guide = guide

    def headline(self, groups: Sequence[FigureGroup]) -> list[DraftClaim]:
        """For each group the main claim alone."""
        pairs = zip([None, *groups], groups, strict=False)
        return [self._group(group, _where(group, before))[0] for before, group in pairs]

    def claims(self, groups: Sequence[FigureGroup]) -> list[DraftClaim]:
        """For each group the main claim first, then weakly sourced values and those that belong beside it."""
        pairs = zip([None, *groups], groups, strict=False)
        return [claim for before, group in pairs for claim in self._group(group, _where(group, before))]

    def _group(self, group: FigureGroup, where: str) -> list[DraftClaim]:
        strong = _comparable([figure for figure in group.main if figure.grade != "C"])
        weak = _comparable([figure for figure in group.main if figure.grade == "C"])
        claims = [self._told(group.event, strong[:_MOST], f"{where}, ")]
        # Two good sources need no weak one beside them.
        others = [] if len(strong) > 1 else [f for f in weak if all(not _agree(f, known) for known in strong)]
        if others:
            values = joined([f"{hedged(figure)} ({_publisher(figure)})" for figure in others[:2]])
            claims.append(self._claim(group.event, f"Less well sourced reports gave {values}.", others[:2]))
        if group.beside:
            said = [f"{self._says(figure)} ({_publisher(figure)})" for figure in group.beside]
            claims.append(self._claim(group.event, f"Beyond that, {joined(said)}.", group.beside))
        return claims

    def _told(self, event: Event, figures: Sequence[Figure], lead: str) -> DraftClaim:
        first = figures[0]
        low, high = min(f.value for f in figures), max(f.value for f in figures)
        if high - low <= _AGREE * abs(high):
            text = f"{lead}{self._says(first)}, according to {_named(first)}{_remark(first)}."
            return self._claim(event, text, [first])
        ordered = sorted(figures, key=lambda figure: figure.value)
        label = self._guide.wording(first.quantity).label
        values = joined([f"{hedged(figure)} ({_publisher(figure)})" for figure in ordered])
        span = f"from {figure_value(ordered[0])} to {figure_value(ordered[-1])}"
        text = f"{lead}published values for {_the(label)} run {span}: {values}."
        return self._claim(event, text, ordered)

    def _says(self, figure: Figure) -> str:
        return self._guide.wording(figure.quantity).says.format(value=hedged(figure))

    def _claim(self, event: Event, text: str, figures: Sequence[Figure]) -> DraftClaim:
        return DraftClaim(text, tuple(self._evidence(event, figure) for figure in figures))

    def _evidence(self, event: Event, figure: Figure) -> Evidence:
        return from_figure(event, figure, self._guide.wording(figure.quantity).label)


def _the(label: str) -> str:
    """A label behind a preposition; what there is one of has its article."""
    one = label.endswith((" low", " fall", " price", " index", " factor", " depeg", " capitalisation", " percent"))
    return f"{'the ' if one else ''}{in_a_sentence(label)}"


def _where(group: FigureGroup, before: FigureGroup | None) -> str:
    same = before is not None and before.event.id == group.event.id
    return "In the same crash" if same else f"In the {group.event.name}"


def reading_claims(readings: Sequence[Reading], metrics: Mapping[str, Metric]) -> list[DraftClaim]:
    """One sentence for each reading; the first of a moment says when and from what data."""
    claims = []
    told = None
    for reading in readings:
        metric = metrics[reading.metric]
        said = _read_out(reading, metric.sentence)
        if reading.completeness.startswith("lower bound"):
            said += ", a lower bound because exchange liquidation streams are throttled"
        stand = (reading.as_of, reading.source)
        text = f"{said[0].upper()}{said[1:]}{'' if stand == told else f', {_setting(reading)}'}."
        told = stand
        claims.append(DraftClaim(text, (from_reading(reading, metric.title),)))
    return claims


# A change is said with the verb of its direction: (as registered, upwards, downwards).
_MOVES = (
    ("changed by {value}", "rose {value}", "fell {value}"),
    (
        "is {value} away from the level asked about",
        "stands below the level asked about: from its last close it would have to rise {value} to reach it",
        "stands above the level asked about: from its last close it would have to fall {value} to reach it",
    ),
)

_VENUE_READ = re.compile(r"= ([A-Za-z][^=:]*): ")


def _read_out(reading: Reading, sentence: str) -> str:
    value = reading.value
    for registered, upwards, downwards in _MOVES:
        if registered in sentence and isinstance(value, float):
            sentence = sentence.replace(registered, downwards if value < 0 else upwards)
            value = abs(value)
    return sentence.format(
        asset="crypto" if reading.asset == "ALL" else reading.asset,
        value=amount(value, reading.unit) if isinstance(value, float) else value,
        window=window_in_words(reading.window or ""),
        venue=_venue_read(reading),
    )


def _venue_read(reading: Reading) -> str:
    """The venue a reading is of, as its formula names it before its numbers; empty for a reading of no venue."""
    found = _VENUE_READ.search(reading.formula)
    venue = found[1] if found else ""
    return f"{venue}," if "," in venue else venue


def calculation_claims(calculations: Sequence[Calculation], calculator: Calculator) -> list[DraftClaim]:
    """One sentence for each calculation, then what the first one assumed."""
    claims = [
        DraftClaim(_calculated(calculation, calculator), (from_calculation(calculation, calculator.title),))
        for calculation in calculations
    ]
    first = calculations[0]
    if first.assumptions:
        text = f"Assumed here: {'; '.join(first.assumptions)}."
        claims.append(DraftClaim(text, (from_calculation(first, calculator.title),)))
    return claims


# A result that may have either sign is said with the verb that fits it: (as registered, positive, negative).
_VERBS = {
    "pnl": (" makes ", " makes a profit of ", " makes a loss of "),
    "funding-payment": (" pays ", " pays ", " receives "),
    "move-to-liquidation": (" has to move ", " has to rise ", " has to fall "),
}


_RETURN = re.compile(r"return on the initial margin = .* = (-?[\d.,]+%)")
_WORDS = {"exit": "the liquidation price"}
"""Inputs that are words of the formula, as a reader would say them."""
_UNSAID = {"price": "its entry"}
"""What stands in a sentence for an input that was not given."""


def _calculated(calculation: Calculation, calculator: Calculator) -> str:
    units = {spec.name: spec.unit for spec in calculator.inputs}
    fields = {
        name: _WORDS.get(given, given) if isinstance(given, str) else amount(given, units.get(name, ""))
        for name, given in calculation.inputs.items()
    }
    sentence, value = calculator.sentence, calculation.value
    if calculator.name in _VERBS:
        verb, gains, loses = _VERBS[calculator.name]
        sentence, value = sentence.replace(verb, loses if value < 0 else gains), abs(value)
    said = sentence.format(**_UNSAID | fields | {"value": amount(value, calculation.unit)})
    share = _RETURN.search(calculation.formula)
    if share:
        said += f", a return of {share[1]} on the initial margin"
    return f"{said[0].upper()}{said[1:]}."


def _setting(reading: Reading) -> str:
    moment = f"as of {moment_in_words(reading.as_of)}"
    if reading.mode == "reconstruction":
        return f"{moment}, in the {reading.source}, which is generated and not exchange data"
    return f"{moment}, from {reading.mode} data of {reading.source}"


def _named(figure: Figure) -> str:
    return f"{figure.source}{f', {day_in_words(figure.source_date)}' if figure.source_date else ''}"


def _publisher(figure: Figure) -> str:
    return "; ".join(filter(None, (_named(figure), _window(figure))))


def _remark(figure: Figure) -> str:
    """Scope, venue and the publisher's own remark, where they say more than the sentence does."""
    parts = (_window(figure), figure.scope, figure.venue, "" if figure.note == "lower bound" else figure.note)
    said = "; ".join(dict.fromkeys(part for part in parts if part and part != "market"))
    return f" ({said})" if said else ""


def _window(figure: Figure) -> str:
    """The publisher's window where the label does not say it already."""
    return "" if figure.window in {"24 h", "event", "48 h", "4 h", "1 h"} else figure.window


def _comparable(figures: Sequence[Figure]) -> list[Figure]:
    """Those that measure what the first does: same scope, venue, asset, wave and kind of window."""
    kept = [figure for figure in figures if _measures(figure) == _measures(figures[0])]
    return list({figure.value: figure for figure in reversed(kept)}.values())[::-1]


def _measures(figure: Figure) -> tuple[str | None, ...]:
    window = "24 h" if "24" in figure.window and "h" in figure.window else figure.window.lower()
    return figure.scope, figure.venue, figure.asset, figure.wave, window


def _agree(one: Figure, other: Figure) -> bool:
    return abs(one.value - other.value) <= 0.01 * abs(other.value)
