"""`eval` measures, repeats itself byte for byte, holds the gate and shows gaps."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.settings import RagSettings
from tests.eval.conftest import answer, part, run_of, trace
from tests.ui.conftest import Done
from ui.app import open_question_log

Run = Callable[..., Done]

CASES = [
    {"id": "one", "question": "What is a mark price?", "kind": "definition", "expect": "answer", "must_say": ["index"]},
    {"id": "two", "question": "Who won the football world cup in 2022?", "kind": "out_of_scope", "expect": "abstain"},
    {"id": "three", "question": "How much was liquidated on 10 October 2025?", "kind": "event_fact",
     "expect": "answer", "must_say": ["19.16 billion USD", "made of cheese"]},
]  # fmt: skip


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(case) for case in CASES), "utf-8")
    return file


def written(folder: Path, passed: list[bool]) -> str:
    from eval.run import write_run

    run = run_of(passed)
    return str(write_run(run, {result.case.id: 1.0 for result in run.results}, folder).parent)


def gate(folder: Path) -> str:
    file = folder / "gate.yaml"
    file.write_text("confidence: 0.95\nmetrics: {passed: {floor: 0.5, tolerated_drop: 0.01}}\n", "utf-8")
    return str(file)


def test_two_runs_in_a_row_are_equal_and_say_why_a_case_was_missed(run: Run, cases: Path, tmp_path: Path) -> None:
    first = run("eval", "run", "--cases", str(cases), "--out", str(tmp_path / "a"), "--json")
    run("eval", "run", "--cases", str(cases), "--out", str(tmp_path / "b"))
    assert (tmp_path / "a/run.json").read_bytes() == (tmp_path / "b/run.json").read_bytes()
    summary = json.loads(first.stdout)
    assert summary["total"]["cases"] == 3
    assert summary["total"]["numbers_without_receipt"] == 0
    assert summary["reasons"] == {"not_in_knowledge": 1}
    ground = json.loads((tmp_path / "a/run.json").read_text("utf-8"))["ground"]
    assert ground["data_mode"] == "reconstruction"
    assert set(json.loads((tmp_path / "a/timings.json").read_text("utf-8"))) == {"one", "two", "three"}


def test_a_bad_case_file_is_one_line_and_exit_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "x"}', "utf-8")
    done = run("eval", "run", "--cases", str(tmp_path / "bad.jsonl"))
    assert done.returncode == 1
    assert "bad.jsonl:1: field 'question'" in done.stderr


def test_compare_stops_a_planted_change_and_lets_a_no_op_through(run: Run, tmp_path: Path) -> None:
    whole, broken = written(tmp_path / "whole", [True] * 250), written(tmp_path / "broken", [False] * 8 + [True] * 242)
    held = ("--gate", gate(tmp_path))
    assert run("eval", "compare", whole, whole, *held).returncode == 0
    stopped = run("eval", "compare", whole, broken, *held)
    assert stopped.returncode == 1
    assert "GATE: passed significantly worse" in stopped.stdout
    assert "broken: 8" in stopped.stdout
    assert json.loads(run("eval", "compare", whole, broken, *held, "--json").stdout)["p_value"] < 0.05


def test_report_and_scoreboard_are_made_from_a_run(run: Run, tmp_path: Path) -> None:
    folder = written(tmp_path / "run", [True, False])
    assert Path(run("eval", "report", folder).stdout.strip()).read_text("utf-8").startswith("<!doctype html>")
    assert "| event fact | 2 | 0.500 |" in run("eval", "scoreboard", folder).stdout


def test_labels_prints_what_both_checks_are_worth(run: Run) -> None:
    shown = run("eval", "labels").stdout
    assert "held out: 74 pairs" in shown
    assert "claims, held out: 173 pairs, ROC AUC" in " ".join(shown.split())


def test_gaps_clusters_what_was_not_answered(run: Run, tmp_path: Path) -> None:
    log = open_question_log(tmp_path, RagSettings())
    assert log is not None
    for question in ("what is funding arbitrage", "explain funding arbitrage"):
        log.record(answer("No.", status="abstained", question=question), trace(part()), "chat")
    done = run("eval", "gaps", "--stub", str(tmp_path / "stubs.yaml"), "--json", home=tmp_path)
    assert [cluster["count"] for cluster in json.loads(done.stdout)] == [2]
    assert "funding arbitrage" in (tmp_path / "stubs.yaml").read_text("utf-8")


def test_a_log_that_is_off_keeps_nothing_and_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKET_PULSE_RAG_QUESTION_LOG", "false")
    assert open_question_log(tmp_path, RagSettings()) is None
    assert "the question log is off" in run("eval", "gaps", home=tmp_path).stdout
    assert not (tmp_path / "questions.sqlite").exists()


def test_explain_shows_how_an_answer_came_about(run: Run) -> None:
    shown = run("ask", "How much was liquidated on 10 October 2025?", "--explain").stdout
    for part_of_the_trace in (
        "How this answer came about",
        "route",
        "answered by published",
        "retrieved",
        "judged",
        "kept",
        "status answered",
    ):
        assert part_of_the_trace in shown
    document = json.loads(run("ask", "What is a mark price?", "--explain", "--json").stdout)
    assert document["trace"]["parts"][0]["passages"][0]["id"]
