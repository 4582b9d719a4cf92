"""What a scorer gives, and the register of all scorers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eval.case import Case
from rag.answer import Answer


@dataclass(frozen=True)
class Score:
    """`value` in [0, 1] (or a count where the scorer says so); None means the scorer does not apply.

    `misses` names what was expected and not found, in words for a person.
    """

    value: float | None
    misses: tuple[str, ...] = ()


NOT_APPLICABLE = Score(None)

Scorer = Callable[[Case, Answer], Score]
_SCORERS: dict[str, Scorer] = {}


def scorer(name: str) -> Callable[[Scorer], Scorer]:
    """Registers a scorer under the name that results carry."""

    def register(function: Scorer) -> Scorer:
        _SCORERS[name] = function
        return function

    return register


def all_scorers() -> Mapping[str, Scorer]:
    """Every scorer by name."""
    from eval.scoring import citations, facts, forbidden, receipts, status  # noqa: F401 - they register here

    return dict(sorted(_SCORERS.items()))
