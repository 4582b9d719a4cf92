"""Holds every claim to its evidence: a number without a receipt is not said.

Deterministic; knows numbers, units, signs and dates. What a sentence means is not judged here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.draft import DraftClaim
from rag.evidence import Evidence
from rag.orders import is_order
from rag.quantities import Quantity, quantities

_NEGATIVE = re.compile(
    r"\b(?:receives?|fell|fall(?:s|en)?|drop(?:s|ped)?|lost|los(?:e|es|s)|down|declin\w+|below|under|lower|shed|slid|negative|minus)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Verdict:
    """What became of a claim: kept, or dropped because of `unsupported` numbers (as written), or as an order.

    An `order` is a sentence of a document that is aimed at whoever writes the answer.
    """

    claim: DraftClaim
    unsupported: tuple[str, ...]
    order: bool = False

    @property
    def kept(self) -> bool:
        return not self.unsupported and not self.order


def verify(claims: Sequence[DraftClaim]) -> list[Verdict]:
    """The verdict on each claim, in order."""
    return [
        Verdict(claim, unsupported_numbers(claim.text, claim.evidence), bool(claim.evidence) and is_order(claim.text))
        for claim in claims
    ]


def unsupported_numbers(text: str, cited: Sequence[Evidence]) -> tuple[str, ...]:
    """The numbers of `text`, as written, that no evidence in `cited` supports.

    A number is supported if cited evidence states the same number in the same unit: exactly, or so that
    rounding the evidence to the digits the claim states gives the claim. Digits that the evidence does not
    state are never supported, nor are another unit, sign or magnitude. A date is supported by the same
    date, or by a day within the month or year that the claim names.
    """
    stated = [known for item in cited for known in _numbers_of(item)]
    falls = bool(_NEGATIVE.search(text))
    return tuple(
        quantity.text
        for quantity in quantities(text)
        if not any(_supports(known, quantity, falls=falls) for known in stated)
    )


def _supports(known: Quantity, claimed: Quantity, *, falls: bool) -> bool:
    if claimed.unit == "date" or known.unit == "date":
        return _same_day(known.day, claimed.day)
    if not _same_unit(known, claimed):
        return False
    # "fell 6.4%" says the sign in words.
    value = abs(known.value) if known.value < 0 and falls and claimed.value >= 0 else known.value
    tolerance = claimed.step / 2 if known.step < claimed.step else 0.0
    return abs(value - claimed.value) <= tolerance * (1 + 1e-9) + 1e-9 * max(abs(value), abs(claimed.value))


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


def _numbers_of(item: Evidence) -> list[Quantity]:
    """All the numbers the evidence states, in its text and in its exact values."""
    found = [*quantities(item.text), *quantities(item.title)]
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
    return found


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
