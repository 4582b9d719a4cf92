"""What stands before a number and changes what it claims: "about", "more than", "at most".

A bounded or hedged number may stand for another one, but only as far as its own digits reach: "more than 19 billion"
stands for anything from 19 up to 20 billion, "nearly 20 billion" for anything from 19 up to 20 billion.
"""

import re
from collections.abc import Mapping
from typing import Literal

from rag.quantities import Quantity

Bound = Literal["exact", "about", "over", "at_least", "under", "at_most"]

_BEFORE = 24
_WORDS: Mapping[Bound, str] = {
    "at_least": r"\bat\s+least|\b(?:no|not)\s+(?:less|fewer)\s+than|≥|>=",
    "at_most": r"\bat\s+most|\bup\s+to|\b(?:no|not)\s+more\s+than|≤|<=",
    "over": r"\bmore\s+than|\bgreater\s+than|\bover|\bupwards\s+of|\bexceed(?:s|ed|ing)?|\babove|>",
    "under": r"\b(?:less|fewer)\s+than|\bunder|\bbelow|\bnearly|\balmost|\bjust\s+shy\s+of|<",
    "about": r"\babout|\baround|\broughly|\bapproximately|\bapprox\.?|\bsome|\bcirca|\bnear|\bclose\s+to|~|≈",
}
_SAID = {bound: re.compile(rf"(?:{words})\s*(?:the\s+)?$", re.IGNORECASE) for bound, words in _WORDS.items()}
_UPWARD: frozenset[Bound] = frozenset({"over", "at_least"})
_DOWNWARD: frozenset[Bound] = frozenset({"under", "at_most"})
_SURE_DIGITS = 2
"""Zeros at the end of a whole number are not taken for digits beyond so many: "about 100,000" is 95,000 to 105,000."""


def bound_of(text: str, quantity: Quantity) -> Bound:
    """The bound that `text` puts on one of its quantities.

    >>> from rag.quantities import quantities
    >>> text = "More than 19 billion USD, about 87% of it longs."
    >>> [bound_of(text, quantity) for quantity in quantities(text)]
    ['over', 'about']
    """
    return _bound_before(text, quantity)[0]


def bound_start(text: str, quantity: Quantity) -> int:
    """Where the quantity begins in `text`, with the words that bound it."""
    return _bound_before(text, quantity)[1]


def _bound_before(text: str, quantity: Quantity) -> tuple[Bound, int]:
    begin = max(quantity.start - _BEFORE, 0)
    before = text[begin : quantity.start]
    found = ((bound, pattern.search(before)) for bound, pattern in _SAID.items())
    return next(((bound, begin + match.start()) for bound, match in found if match), ("exact", quantity.start))


def opposite(one: Bound, other: Bound) -> bool:
    """Whether one of them is a lower and the other an upper bound."""
    return (one in _UPWARD and other in _DOWNWARD) or (one in _DOWNWARD and other in _UPWARD)


def reaches(bound: Bound, claimed: Quantity, known: float) -> bool:
    """Whether `claimed` under `bound` may stand for the exact value `known` (in the same unit and sign)."""
    value, grain = claimed.value, _grain(claimed)
    slack = 1e-9 * max(abs(value), abs(known))
    if bound in _UPWARD:
        return value - (slack if bound == "at_least" else -slack) <= known < value + grain
    if bound in _DOWNWARD:
        return value - grain < known <= value + (slack if bound == "at_most" else -slack)
    return bound == "about" and abs(known - value) <= grain / 2 + slack


def _grain(quantity: Quantity) -> float:
    """The worth of the last digit that the writer vouches for."""
    digits = str(round(abs(quantity.value) / quantity.step))
    zeros = len(digits) - len(digits.rstrip("0"))
    return quantity.step * float(10 ** max(min(zeros, len(digits) - _SURE_DIGITS), 0))
