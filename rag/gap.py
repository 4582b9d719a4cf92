"""Names what keeps a question open: why no answer is given, what is missing, and what lies nearest to it."""

from dataclasses import dataclass
from typing import Literal

GapReason = Literal[
    "not_on_shelf", "not_published", "unknowable", "no_market_data", "ambiguous", "false_premise", "outside"
]


@dataclass(frozen=True)
class Gap:
    """Why a question stays open.

    `missing` says in words what there is no source for, `nearest` are ids of passages that come near, `choices` the
    readings of an ambiguous question, each in words.
    """

    reason: GapReason
    missing: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
