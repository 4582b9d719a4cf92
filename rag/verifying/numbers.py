"""Numbers without a receipt: which numbers of a text no cited evidence carries, by value, unit, sign, bound and date.

Deterministic; what a number belongs to is judged by `rag.verifying.binding`, what a sentence means by `support`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rag.evidence import Evidence
from rag.quantities import Quantity, quantities
from rag.verifying.bounds import Bound, bound_of, opposite, reaches

_NEGATIVE = re.compile(
    r"\b(?:receives?|fell|fall(?:s|en)?|drop(?:s|ped)?|lost|los(?:e|es|s)|down|declin\w+|below|under|lower|shed|slid|negative|minus)\b",
    re.IGNORECASE,
)

_REMEMBERED = 20_000
"""Texts whose numbers are remembered, as in `rag.quantities`."""


class Stated(NamedTuple):
    """A number of a text and the bound put on it."""

    quantity: Quantity
    bound: Bound


def stated_in(text: str) -> tuple[Stated, ...]:
    """Every number of `text` with its bound, in reading order."""
    return _read(text)


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> tuple[Stated, ...]:
    return tuple(Stated(quantity, bound_of(text, quantity)) for quantity in quantities(text))


def unsupported_numbers(text: str, cited: Sequence[Evidence]) -> tuple[str, ...]:
    """The numbers of `text`, as written, that no evidence in `cited` supports.

    A number is supported if cited evidence states the same number in the same unit: exactly, or so that
    rounding the evidence to the digits the claim states gives the claim. Digits that the evidence does not
    state are never supported, nor are another unit, sign or magnitude. A hedged or bounded number may stand
    for another as far as `rag.verifying.bounds` says. A date is supported by the same date, or by a day
    within the month or year that the claim names.
    """
    known = [one for item in cited for one in numbers_of(item)]
    return tuple(one.quantity.text for one in stated_in(text) if not carried(one, known, text))


def carried(claimed: Stated, known: Sequence[Stated], text: str) -> bool:
    """Whether one of `known` carries the number `claimed` of `text`."""
    falls = bool(_NEGATIVE.search(text))
    return any(_supports(one, claimed, falls=falls) for one in known)


def _supports(known: Stated, claimed: Stated, *, falls: bool) -> bool:
    have, want = known.quantity, claimed.quantity
    if want.unit == "date" or have.unit == "date":
        return _same_day(have.day, want.day)
    if not _same_unit(have, want) or opposite(known.bound, claimed.bound):
        return False
    # "fell 6.4%" says the sign in words.
    value = abs(have.value) if have.value < 0 and falls and want.value >= 0 else have.value
    if known.bound == claimed.bound or not _strict(known, claimed):
        tolerance = want.step / 2 if have.step < want.step else 0.0
        if abs(value - want.value) <= tolerance * (1 + 1e-9) + 1e-9 * max(abs(value), abs(want.value)):
            return True
    return known.bound in {"exact", claimed.bound} and reaches(claimed.bound, want, value)


def _strict(known: Stated, claimed: Stated) -> bool:
    """Whether the same number would say more than the evidence: "10%" where it says "less than 10%", or the reverse.

    "More than 1.6 million" is 1.6 million to the digits stated; "less than 10%" may be anything.
    """
    return known.bound in {"under", "at_most"} or claimed.bound in {"over", "under"}


def _same_unit(known: Quantity, claimed: Quantity) -> bool:
    if known.unit == claimed.unit:
        return True
    # Tables and formulas state numbers bare ("= 90,500.00"); prose then names the unit. Percent is never
    # taken from a bare number, nor the reverse: 0.6 and 60 would both pass for 60%.
    bare = {"plain", "count"}
    return (known.unit in bare and claimed.unit in bare | {"usd", "coin", "multiple"}) or (
        claimed.unit == "plain" and known.unit in {"usd", "coin", "count"}
    )


def _same_day(known: str | None, claimed: str | None) -> bool:
    if known is None or claimed is None:
        return False
    if claimed.startswith("--"):
        return known.endswith(claimed[1:])
    return known.startswith(claimed)


def numbers_of(item: Evidence) -> list[Stated]:
    """All the numbers the evidence states, in its text and in its exact values."""
    return [*stated_in(item.text), *numbers_beside(item)]


def numbers_beside(item: Evidence) -> list[Stated]:
    """The numbers the evidence states besides its text: in its title, its exact values and its dates."""
    found: list[Quantity] = []
    value = item.detail.get("value")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found += _exact(float(value), str(item.detail.get("unit", "")))
    for name, given in dict(item.detail.get("inputs", {})).items():
        if isinstance(given, (int, float)):
            rate = name in {"mmr", "rate", "fee_rate", "maintenance_margin_rate"}
            found += _exact(float(given), "fraction" if rate else "")
    for name in ("as_of", "source_date"):
        stamp = item.detail.get(name) or (item.as_of if name == "as_of" else None)
        if stamp:
            found += quantities(str(stamp)[: len("2025-11-04")])
    return [*stated_in(item.title), *(Stated(quantity, "exact") for quantity in found)]


def _exact(value: float, unit: str) -> list[Quantity]:
    named = {"USD": "usd", "fraction": "percent", "pct": "percent", "x": "multiple", "multiple": "multiple"}
    scaled = value * 100 if unit == "fraction" else value
    return [
        Quantity.model_validate(
            {
                "value": scaled,
                "unit": named.get(unit, "plain"),
                "step": 0.0,
                "text": str(value),
                "start": 0,
                "end": 0,
            }
        )
    ]
