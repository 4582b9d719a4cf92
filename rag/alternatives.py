"""Offers the case that a calculation did not assume, as questions that are answered when they are asked."""

import re

from rag.inputs import COIN_MARGINED, HAS_CONTRACT, CalculationRequest

OTHER_MODE = "What is the difference between cross and isolated margin?"
"""Only the whole account tells a liquidation price under cross margin, so its working is explained."""
VENUE_OFFERED = "Binance"

_CROSS = re.compile(r"\bcross(?:ed)?\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\ban (?=USD-margined)", re.IGNORECASE)
_LONGEST = 160
"""What is longer reads badly as a suggestion."""


def other_cases(text: str, request: CalculationRequest) -> tuple[str, ...]:
    """Questions for the other contract, a venue's own rule and the other margin mode, where `text` leaves them open.

    >>> from rag.inputs import calculation_of
    >>> text = "What is the liquidation price of a 10x long from 100,000 USD in cross margin?"
    >>> other_cases(text, calculation_of(text))[0]
    'What is the liquidation price of a 10x long from 100,000 USD in cross margin, on a coin-margined contract?'
    """
    if request.missing or request.name not in HAS_CONTRACT or len(text) > _LONGEST:
        return ()
    asked = text.rstrip(" ?.!")
    inverse = "contract" in request.inputs
    linear = f"{_ARTICLE.sub('a ', COIN_MARGINED.sub('USD-margined', asked))}?"
    offered = [linear if inverse else f"{asked}, on a coin-margined contract?"]
    if request.name == "liquidation-price" and "venue" not in request.inputs and not inverse:
        offered.append(f"{asked}, on {VENUE_OFFERED}?")
    if request.name != "pnl":
        offered.append(OTHER_MODE)
    return tuple(offered)


def wants_cross(text: str, request: CalculationRequest) -> bool:
    """Whether `text` asks for cross margin, which a calculation of one isolated position does not show."""
    return request.name in HAS_CONTRACT - {"pnl"} and bool(_CROSS.search(text))
