"""How far the statement check can be trusted: its precision and recall on pairs that people labelled.

One part of the pairs set the threshold; the other, written after it was set, is only measured.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import LabelsInvalid
from rag.meaning.comparing import Meaning

COMMITTED_PAIRS = Path(__file__).parent / "labelled" / "statements.jsonl"

Trap = Literal[
    "same_words", "paraphrase", "paraphrase_with_number", "negation", "wrong_direction", "wrong_entity",
    "wrong_date", "wrong_number", "near_miss", "unrelated",
]  # fmt: skip


class Pair(BaseModel):
    """A statement, a sentence, and whether the sentence supports it; `trap` says what makes the pair hard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statement: str
    sentence: str
    supported: bool
    trap: Trap
    held_out: bool


class Agreement(BaseModel):
    """How the check fared. `precision` is None if it supported nothing, `recall` if nothing was to be supported."""

    model_config = ConfigDict(frozen=True)

    pairs: int
    threshold: float
    precision: float | None
    recall: float | None
    wrong: tuple[Pair, ...]


class Agreements(BaseModel):
    """On the pairs that set the threshold, and on those that were held out."""

    model_config = ConfigDict(frozen=True)

    setting: Agreement
    held_out: Agreement


def load_pairs(path: Path = COMMITTED_PAIRS) -> list[Pair]:
    """The labelled pairs of a file. Raises LabelsInvalid naming file, line and field."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            pairs.append(Pair.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "line"
            raise LabelsInvalid(f"{path}:{number}: field '{field}': {first['msg']}; correct the line") from error
    return pairs


def agreement(pairs: Sequence[Pair], meaning: Meaning) -> Agreement:
    """How `meaning` agrees with the labels of `pairs`."""
    judged = [(pair, meaning.supports(pair.sentence, pair.statement)) for pair in pairs]
    right = sum(said and pair.supported for pair, said in judged)
    said_yes = sum(said for _, said in judged)
    due = sum(pair.supported for pair in pairs)
    return Agreement(
        pairs=len(pairs),
        threshold=meaning.threshold,
        precision=round(right / said_yes, 4) if said_yes else None,
        recall=round(right / due, 4) if due else None,
        wrong=tuple(pair for pair, said in judged if said != pair.supported),
    )


def agreements(pairs: Sequence[Pair], meaning: Meaning) -> Agreements:
    """How `meaning` agrees with both parts of `pairs`."""
    return Agreements(
        setting=agreement([pair for pair in pairs if not pair.held_out], meaning),
        held_out=agreement([pair for pair in pairs if pair.held_out], meaning),
    )
