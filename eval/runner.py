"""Asks cases, scores every answer and keeps each result at once, so that an interrupted run goes on where it was."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.attempt import Attempt
from eval.case import Case
from eval.errors import RunDiffers
from eval.ground import Ground
from eval.reasons import reasons_of
from eval.run import CaseResult, Receipt, Run, Timings, failed
from eval.scoring.score import Score, all_scorers
from eval.shelf import Shelf
from rag.answer import Answer
from rag.meaning.comparing import Meaning
from rag.question import Question
from rag.trace import Explained

_PARTIAL_FILE = "partial.jsonl"
_MUST_BE_WHOLE = ("status", "facts_found", "nothing_forbidden", "no_advice", "number_receipts")


@dataclass(frozen=True)
class Examiner:
    """Everything needed to ask a case and to judge its answer."""

    explain: Callable[[Question], Explained]
    meaning: Meaning
    shelf: Shelf

    def examine(self, case: Case) -> tuple[CaseResult, float | None]:
        """The result of one case and its answering time in milliseconds; a failure is a result, not an end."""
        try:
            explained = self.explain(Question.ask(case.question, case.history, case.as_of))
            result = self._judged(case, explained)
        except Exception as error:
            return failed(case, error), None
        return result, explained.answer.timings_ms["total"]

    def _judged(self, case: Case, explained: Explained) -> CaseResult:
        attempt = Attempt(case, explained.answer, explained.trace, self.meaning)
        scores = {name: scorer.judge(attempt) for name, scorer in all_scorers().items()}
        return CaseResult(
            case=case,
            passed=_passed(scores),
            status=explained.answer.status,
            answer=explained.answer.answer,
            scores={name: score.value for name, score in scores.items()},
            misses={name: score.misses for name, score in scores.items() if score.misses},
            reasons=reasons_of(attempt, scores, self.shelf),
            receipts=_receipts(explained.answer),
            trace=explained.trace,
        )


def run_cases(
    cases: Sequence[Case],
    ground: Ground,
    examiner: Examiner,
    folder: Path,
    counted: Callable[[Sequence[Case]], Iterable[Case]] = iter,
) -> tuple[Run, Timings]:
    """Examines `cases` in order; what an interrupted run in `folder` has finished is taken from there.

    `counted` goes through the cases still to be asked, for a progress bar. Raises RunDiffers if the run begun
    in `folder` stands on another ground.
    """
    partial = folder / _PARTIAL_FILE
    done = _finished(partial, ground)
    folder.mkdir(parents=True, exist_ok=True)
    with partial.open("a", encoding="utf-8") as file:
        if not partial.stat().st_size:
            file.write(ground.model_dump_json() + "\n")
        for case in counted([case for case in cases if case.id not in done]):
            result, taken = examiner.examine(case)
            done[case.id] = result, taken
            file.write(f'{{"ms":{json.dumps(taken)},"result":{result.model_dump_json()}}}\n')
            file.flush()
    run = Run(ground=ground, results=tuple(done[case.id][0] for case in cases))
    return run, {case.id: done[case.id][1] for case in cases}


def forget_partial(folder: Path) -> None:
    """Removes what an unfinished run left; called once the finished run is written."""
    (folder / _PARTIAL_FILE).unlink(missing_ok=True)


def _finished(partial: Path, ground: Ground) -> dict[str, tuple[CaseResult, float | None]]:
    """The results of an interrupted run, without those that failed and without a last line cut short."""
    if not partial.is_file():
        return {}
    first, *lines = partial.read_text(encoding="utf-8").splitlines() or [""]
    if first != ground.model_dump_json():
        raise RunDiffers(
            f"{partial} was begun on {_difference(first, ground)}; choose another --out, or remove that file"
        )
    done = {}
    for line in lines:
        try:
            kept = json.loads(line)
        except json.JSONDecodeError:
            continue
        result = CaseResult.model_validate(kept["result"])
        if result.error is None:
            done[result.case.id] = result, kept["ms"]
    return done


def _difference(begun: str, ground: Ground) -> str:
    try:
        other = Ground.model_validate_json(begun).model_dump()
    except ValueError:
        return "something this version cannot read"
    names = [name for name, value in ground.model_dump().items() if other[name] != value]
    return f"another {', '.join(names)}"


def _passed(scores: Mapping[str, Score]) -> bool:
    return all(scores[name].value in {None, 1.0} for name in _MUST_BE_WHOLE)


def _receipts(answer: Answer) -> tuple[Receipt, ...]:
    return tuple(
        Receipt(n=item.n, kind=item.kind, id=str(item.detail.get("id", item.title)), title=item.title, text=item.text)
        for item in answer.evidence
    )
