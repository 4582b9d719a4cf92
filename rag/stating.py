"""Says published figures, readings and calculations in plain sentences, each with what carries it."""

from collections.abc import Mapping, Sequence

from market.calculation import Calculation
from market.calculators.registry import Calculator
from market.metrics.registry import Metric
from market.reading import Reading

from knowledge.figures import Event, Figure
from rag.draft import DraftClaim
from rag.evidence import Evidence, from_calculation, from_figure, from_reading
from rag.figures import FigureGuide
from rag.phrasing import amount, day_in_words, figure_value, joined, moment_in_words, reading_value, window_in_words
from rag.planning import FigureGroup

_AGREE = 0.05
"""Figures whose values lie within 5% of each other are told as one."""

_MOST = 4


class FigureSentences:
    """Says groups of figures: one value where publishers agree, the range with all names where they do not."""

    def __init__(self, guide: FigureGuide) -> None:
        self._guide = guide

    def claims(self, group: FigureGroup) -> list[DraftClaim]:
        """The main claim first, then weakly sourced values and those that belong beside it."""
        strong = _comparable([figure for figure in group.main if figure.grade != "C"])
        weak = _comparable([figure for figure in group.main if figure.grade == "C"])
        claims = []
        if strong:
            claims.append(self._told(group.event, strong[:_MOST]))
            others = [figure for figure in weak if all(not _agree(figure, known) for known in strong)]
            if others:
                claims.append(self._listed(group.event, others[:3], "Less well sourced reports gave"))
        elif weak:
            claims.append(self._told(group.event, weak[:_MOST], "going only by weakly sourced reports, "))
        claims += [self._told(group.event, [figure], "beyond that, ") for figure in group.beside]
        return claims

    def _told(self, event: Event, figures: Sequence[Figure], manner: str = "") -> DraftClaim:
        first = figures[0]
        wording = self._guide.wording(first.quantity)
        low, high = min(f.value for f in figures), max(f.value for f in figures)
        if high - low <= _AGREE * abs(high):
            said = wording.says.format(value=_hedged(first))
            text = f"In the {event.name}, {manner}{said}, according to {_publisher(first)}."
            return DraftClaim(text, (self._evidence(event, first),))
        ordered = sorted(figures, key=lambda figure: figure.value)
        label = wording.label[0].lower() + wording.label[1:]
        values = joined([f"{_hedged(figure)} ({_publisher(figure)})" for figure in ordered])
        text = f"In the {event.name}, {manner}published values for {label} differ: {values}."
        return DraftClaim(text, tuple(self._evidence(event, figure) for figure in ordered))

    def _listed(self, event: Event, figures: Sequence[Figure], lead: str) -> DraftClaim:
        values = joined([f"{_hedged(figure)} ({_publisher(figure)})" for figure in figures])
        return DraftClaim(f"{lead} {values}.", tuple(self._evidence(event, figure) for figure in figures))

    def _evidence(self, event: Event, figure: Figure) -> Evidence:
        return from_figure(event, figure, self._guide.wording(figure.quantity).label)


def reading_claims(readings: Sequence[Reading], metrics: Mapping[str, Metric]) -> list[DraftClaim]:
    """One sentence for each reading; the first of a moment says when and from what data."""
    claims = []
    told = None
    for reading in readings:
        metric = metrics[reading.metric]
        said = metric.sentence.format(
            asset="the whole market" if reading.asset == "ALL" else reading.asset,
            value=reading_value(reading),
            window=window_in_words(reading.window or ""),
        )
        if reading.completeness.startswith("lower bound"):
            said += ", a lower bound because exchange liquidation streams are throttled"
        stand = (reading.as_of, reading.source)
        lead = f"At that moment, {said}" if stand == told else f"{_setting(reading)}, {said}"
        told = stand
        claims.append(DraftClaim(f"{lead}.", (from_reading(reading, metric.title),)))
    return claims


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
}


def _calculated(calculation: Calculation, calculator: Calculator) -> str:
    units = {spec.name: spec.unit for spec in calculator.inputs}
    fields = {
        name: given if isinstance(given, str) else amount(given, units.get(name, ""))
        for name, given in calculation.inputs.items()
    }
    sentence, value = calculator.sentence, calculation.value
    if calculator.name in _VERBS:
        verb, gains, loses = _VERBS[calculator.name]
        sentence, value = sentence.replace(verb, loses if value < 0 else gains), abs(value)
    said = sentence.format(**fields | {"value": amount(value, calculation.unit)})
    return f"{said[0].upper()}{said[1:]}."


def _setting(reading: Reading) -> str:
    moment = f"As of {moment_in_words(reading.as_of)}"
    if reading.mode == "reconstruction":
        return f"{moment}, in the {reading.source}, which is generated and not exchange data"
    return f"{moment}, by {reading.mode} data from {reading.source}"


def _hedged(figure: Figure) -> str:
    value = figure_value(figure)
    if "lower bound" in figure.note:
        return f"at least {value}"
    return f"about {value}" if figure.approximate or "approximate" in figure.note else value


def _publisher(figure: Figure) -> str:
    date = f", {day_in_words(figure.source_date)}" if figure.source_date else ""
    return f"{figure.source}{date}; window {figure.window}"


def _comparable(figures: Sequence[Figure]) -> list[Figure]:
    """Those with the scope, venue, asset and wave of the first: others measure something else."""
    if not figures:
        return []
    first = figures[0]
    kept = [
        f for f in figures if (f.scope, f.venue, f.asset, f.wave) == (first.scope, first.venue, first.asset, first.wave)
    ]
    return list({figure.value: figure for figure in reversed(kept)}.values())[::-1]


def _agree(one: Figure, other: Figure) -> bool:
    return abs(one.value - other.value) <= 0.01 * abs(other.value)
