"""Says readings and calculations in plain sentences, each with what carries it."""

import re
from collections.abc import Mapping, Sequence

from market.calculation import Calculation
from market.calculators.registry import Calculator
from market.metrics.registry import Metric
from market.reading import Reading
from rag.draft import DraftClaim
from rag.evidence import from_calculation, from_reading
from rag.phrasing import amount, moment_in_words, window_in_words


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
