"""Evaluation cases: one question with what its answer must and must not say, read from JSON Lines."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from eval.errors import CasesInvalid

Kind = Literal[
    "definition", "mechanism", "howto", "event_fact", "comparison", "calculation", "live_metric", "follow_up",
    "false_premise", "advice_seeking", "distress", "out_of_scope", "unanswerable", "prompt_injection",
]  # fmt: skip
Expectation = Literal["answer", "abstain", "decline_advice_but_educate", "refuse_injection"]

COMMITTED = Path(__file__).parent / "cases"


class Case(BaseModel):
    """One case. A `must_say` item may offer wordings separated by " | "; one of them must be in the answer.

    `relevant` names the passages judged to answer it (docs/retrieval.md has the rule); empty means not judged.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    question: str = Field(min_length=1)
    history: tuple[str, ...] = ()
    kind: Kind
    expect: Expectation
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    relevant: tuple[str, ...] = ()
    as_of: AwareDatetime | None = None
    source_url: str | None = None


def load_cases(path: Path) -> list[Case]:
    """The cases of one file, or of every `.jsonl` file in a folder, in order.

    Raises CasesInvalid for the first line that is not a case, or an id that is used twice.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise CasesInvalid(f"{path} is no file of cases; name a .jsonl file or a folder of them")
    cases = [case for file in files for case in _cases_of(file)]
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise CasesInvalid(f"{path}: id '{case.id}' is used twice; give each case an id of its own")
        seen.add(case.id)
    return cases


def _cases_of(path: Path) -> Sequence[Case]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(Case.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "line"
            raise CasesInvalid(f"{path}:{number}: field '{field}': {first['msg']}; correct the line") from error
        except json.JSONDecodeError as error:
            raise CasesInvalid(f"{path}:{number}: is not JSON: {error.msg}; correct the line") from error
    return found
