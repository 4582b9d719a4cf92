"""Runs are repeatable, survive an interruption, and do not end with one case that fails."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from eval.case import Case
from eval.errors import RunDiffers, RunUnreadable
from eval.run import read_run, read_timings, write_run, write_slim
from eval.runner import Examiner, forget_partial, run_cases
from eval.shelf import Shelf
from rag.meaning.comparing import Meaning
from rag.question import Question
from rag.trace import Explained
from tests.eval.conftest import answer, case, ground, part, trace

CASES = [case(id=f"case-{n}", question=f"Question {n}?", must_say=["margin"]) for n in range(5)]


class Asked:
    """Answers everything and remembers what it was asked; raises at the questions named."""

    def __init__(self, *broken: str) -> None:
        self.questions: list[str] = []
        self.broken = broken

    def __call__(self, question: Question) -> Explained:
        self.questions.append(question.text)
        if question.text in self.broken:
            raise ValueError("the index is gone")
        return Explained(answer("Margin is collateral."), trace(part()))


@pytest.fixture
def examiner(meaning: Meaning) -> Callable[..., Examiner]:
    def made(asked: Asked) -> Examiner:
        return Examiner(asked, meaning, Shelf([], {}))

    return made


def test_two_runs_are_equal_byte_for_byte(tmp_path: Path, examiner: Callable[..., Examiner]) -> None:
    for name in ("one", "two"):
        run, timings = run_cases(CASES, ground(), examiner(Asked()), tmp_path / name)
        write_run(run, timings, tmp_path / name)
    assert (tmp_path / "one/run.json").read_bytes() == (tmp_path / "two/run.json").read_bytes()


def test_what_was_written_is_read_back(tmp_path: Path, examiner: Callable[..., Examiner]) -> None:
    run, timings = run_cases(CASES, ground(), examiner(Asked("Question 1?")), tmp_path)
    write_run(run, timings, tmp_path)
    assert read_run(tmp_path) == run
    assert read_timings(tmp_path) == timings
    assert timings["case-1"] is None


def test_one_failing_case_does_not_lose_the_rest(tmp_path: Path, examiner: Callable[..., Examiner]) -> None:
    run, _ = run_cases(CASES, ground(), examiner(Asked("Question 1?")), tmp_path)
    assert [result.passed for result in run.results] == [True, False, True, True, True]
    assert run.results[1].error == "ValueError: the index is gone"
    assert run.results[1].reasons == ("error",)


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path, examiner: Callable[..., Examiner]) -> None:
    def interrupted(left: Sequence[Case]) -> Iterator[Case]:
        yield from left[:3]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cases(CASES, ground(), examiner(Asked()), tmp_path, interrupted)
    with (tmp_path / "partial.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"ms": 1.0, "result": {"cut sh')
    again = Asked()
    run, _ = run_cases(CASES, ground(), examiner(again), tmp_path)
    assert again.questions == ["Question 3?", "Question 4?"]
    whole, _ = run_cases(CASES, ground(), examiner(Asked()), tmp_path / "whole")
    assert run == whole
    forget_partial(tmp_path)
    assert not (tmp_path / "partial.jsonl").exists()


def test_what_failed_is_asked_again_when_the_run_goes_on(tmp_path: Path, examiner: Callable[..., Examiner]) -> None:
    run_cases(CASES, ground(), examiner(Asked("Question 1?")), tmp_path)
    again = Asked()
    run, _ = run_cases(CASES, ground(), examiner(again), tmp_path)
    assert again.questions == ["Question 1?"]
    assert all(result.passed for result in run.results)


def test_a_run_is_not_continued_on_another_ground(tmp_path: Path, examiner: Callable[..., Examiner]) -> None:
    run_cases(CASES[:2], ground(), examiner(Asked()), tmp_path)
    with pytest.raises(RunDiffers, match="another corpus; choose another --out"):
        run_cases(CASES, ground(corpus="other"), examiner(Asked()), tmp_path)


def test_a_baseline_keeps_scores_and_drops_answers(tmp_path: Path, examiner: Callable[..., Examiner]) -> None:
    run, _ = run_cases(CASES, ground(), examiner(Asked()), tmp_path / "run")
    slim = read_run(write_slim(run, tmp_path / "baseline"))
    assert [result.scores for result in slim.results] == [result.scores for result in run.results]
    assert all(result.answer == "" and result.trace is None for result in slim.results)


def test_a_folder_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunUnreadable, match="make one with 'market-pulse eval run --out'"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text('{"ground": 1, "results": []}', "utf-8")
    with pytest.raises(RunUnreadable, match=r"field 'ground'.*run the evals again"):
        read_run(tmp_path)
