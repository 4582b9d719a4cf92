"""What a scorer gives, and the register of all scorers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from eval.attempt import Attempt


@dataclass(frozen=True)
class Score:
    """`value` in [0, 1], 1 is best; None means that the scorer does not apply to this case.

    `misses` names what was expected and not found, in words for a person.
    """

    value: float | None
    misses: tuple[str, ...] = ()


NOT_APPLICABLE = Score(None)

Judge = Callable[[Attempt], Score]


@dataclass(frozen=True)
class Scorer:
    """A named judge; `parameters` are recorded in every run that used it."""

    name: str
    judge: Judge
    parameters: Mapping[str, float | int | str] = field(default_factory=dict)


_SCORERS: dict[str, Scorer] = {}


def scorer(name: str, **parameters: float | int | str) -> Callable[[Judge], Judge]:
    """Registers a scorer under the name that results carry, with the parameters it was made with."""

    def register(judge: Judge) -> Judge:
        _SCORERS[name] = Scorer(name, judge, parameters)
        return judge

    return register


def all_scorers() -> Mapping[str, Scorer]:
    """Every scorer by name, in alphabetical order."""
    from eval.scoring import advice, citations, coverage, facts, forbidden, receipts, retrieval, status  # noqa: F401 - they register here

    return dict(sorted(_SCORERS.items()))
