"""What a run is once it is done, and how it is kept: one result a line, so that two runs can be compared by eye."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.case import Case
from eval.errors import RunUnreadable
from eval.ground import Ground
from eval.reasons import Reason
from rag.answer import Status
from rag.trace import Trace

RUN_FILE = "run.json"
TIMINGS_FILE = "timings.json"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Receipt(Frozen):
    """A piece of evidence as the answer showed it."""

    n: int
    kind: Literal["passage", "figure", "reading", "calculation"]
    id: str
    title: str
    text: str


class CaseResult(Frozen):
    """One case: the answer it got, each score (None: not applicable), what was missed, and why.

    `passed` means: the right status, every fact, nothing forbidden, no advice, no number without a receipt.
    `reasons` has the likeliest reason first. A case that raised an error has no answer and did not pass.
    """

    case: Case
    passed: bool
    status: Status | None
    answer: str
    scores: Mapping[str, float | None]
    misses: Mapping[str, tuple[str, ...]]
    reasons: tuple[Reason, ...]
    receipts: tuple[Receipt, ...] = ()
    trace: Trace | None = None
    error: str | None = None


class Run(Frozen):
    """All results of one run and what they stand on."""

    ground: Ground
    results: tuple[CaseResult, ...]

    def slim(self) -> "Run":
        """The same without answers, receipts and traces: enough to compare with, small enough to commit."""
        bare = {"answer": "", "receipts": (), "trace": None}
        return self.model_copy(update={"results": tuple(r.model_copy(update=bare) for r in self.results)})


Timings = Mapping[str, float | None]
"""Milliseconds by case id; None where the case raised an error."""


def write_run(run: Run, timings: Timings, folder: Path) -> Path:
    """Writes `run.json`, byte-equal for equal runs, and `timings.json` beside it; returns the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _write(run, folder)
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(taken)}" for name, taken in timings.items())
    _replace(folder / TIMINGS_FILE, "{\n" + lines + "\n}\n")
    return path


def write_slim(run: Run, folder: Path) -> Path:
    """Writes the run without answers, receipts and traces, as a baseline to commit."""
    folder.mkdir(parents=True, exist_ok=True)
    return _write(run.slim(), folder, exclude_defaults=True)


def read_run(path: Path) -> Run:
    """The run in a folder or file. Raises RunUnreadable if there is none, or one of another version."""
    file = path / RUN_FILE if path.is_dir() else path
    if not file.is_file():
        raise RunUnreadable(f"{path} holds no finished run ({RUN_FILE}); make one with 'market-pulse eval run --out'")
    try:
        return Run.model_validate_json(file.read_text(encoding="utf-8"))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise RunUnreadable(
            f"{file}: field '{field}': {first['msg']}; it may come from another version, so run the evals again"
        ) from error


def read_timings(path: Path) -> Timings:
    """The timings beside a run; empty if there are none."""
    file = (path if path.is_dir() else path.parent) / TIMINGS_FILE
    if not file.is_file():
        return {}
    timings: dict[str, float | None] = json.loads(file.read_text(encoding="utf-8"))
    return timings


def failed(case: Case, error: Exception) -> CaseResult:
    """The result of a case whose asking raised `error`."""
    told = f"{type(error).__name__}: {error}"
    return CaseResult(
        case=case, passed=False, status=None, answer="", scores={}, misses={}, reasons=("error",), error=told
    )


def of_kinds(results: Sequence[CaseResult]) -> list[str]:
    """The kinds of cases that `results` hold, in alphabetical order."""
    return sorted({result.case.kind for result in results})


def _write(run: Run, folder: Path, *, exclude_defaults: bool = False) -> Path:
    results = ",\n".join(result.model_dump_json(exclude_defaults=exclude_defaults) for result in run.results)
    _replace(folder / RUN_FILE, f'{{"ground":{run.ground.model_dump_json()},"results":[\n{results}\n]}}\n')
    return folder / RUN_FILE


def _replace(path: Path, text: str) -> None:
    # Written aside and renamed, so that a run cut short leaves no half file that looks finished.
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
