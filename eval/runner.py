"""Runs cases through the chain and scores every answer; results and timings are kept apart.

Two runs over the same knowledge, data and cases give equal results: only the timings differ.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval.case import Case
from eval.scoring.score import all_scorers
from rag.answer import Answer, Status
from rag.question import Question


class CaseResult(BaseModel):
    """One case: the answer it got, each score (None: not applicable), and what was missed."""

    model_config = ConfigDict(frozen=True)

    case: Case
    status: Status | None
    answer: str
    cited: tuple[str, ...]
    scores: Mapping[str, float | None]
    misses: Mapping[str, tuple[str, ...]]
    error: str | None = None


class Run(BaseModel):
    """All results of one run and what they stand on."""

    model_config = ConfigDict(frozen=True)

    corpus_fingerprint: str
    data_mode: str
    data_source: str | None
    as_of: datetime
    model: str
    results: tuple[CaseResult, ...]


def run_case(case: Case, ask: Callable[[Question], Answer]) -> tuple[CaseResult, float]:
    """The result of one case and its total time in milliseconds; a failure is a result, not the end of the run."""
    try:
        answer = ask(Question.ask(case.question, case.history, case.as_of))
    except Exception as error:
        failed = CaseResult(
            case=case,
            status=None,
            answer="",
            cited=(),
            scores={},
            misses={},
            error=f"{type(error).__name__}: {error}",
        )
        return failed, float("nan")
    scores = {name: scorer(case, answer) for name, scorer in all_scorers().items()}
    result = CaseResult(
        case=case,
        status=answer.status,
        answer=answer.answer,
        cited=tuple(str(item.detail.get("id", item.title)) for item in answer.evidence),
        scores={name: score.value for name, score in scores.items()},
        misses={name: score.misses for name, score in scores.items() if score.misses},
    )
    return result, answer.timings_ms["total"]


def write_run(run: Run, timings_ms: Sequence[float], folder: Path) -> Path:
    """Writes `run.json`, equal for equal runs, and `timings.json` beside it; returns the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "run.json"
    path.write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")
    by_case = {result.case.id: round(taken, 2) for result, taken in zip(run.results, timings_ms, strict=True)}
    lines = ",\n".join(f'  "{case_id}": {taken}' for case_id, taken in by_case.items())
    (folder / "timings.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    return path
