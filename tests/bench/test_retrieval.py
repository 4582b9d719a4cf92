"""The judged passages agree with the cases and the shelf, and the measures say what they are said to say."""

import json

import pytest

from bench.retrieval import ANSWERS, HELD_OUT, HELD_OUT_CASES, case_questions, held_out_questions, judgements, quality
from eval.case import COMMITTED, load_cases
from ui.app import App

GRADES = {"a#1": 2, "b#1": 2, "c#1": 1, "d#1": 0}


def test_what_a_case_names_is_what_was_judged_to_answer_it() -> None:
    judged = judgements()
    cases = [*load_cases(COMMITTED), *load_cases(HELD_OUT_CASES)]
    named = {case.id: set(case.relevant) for case in cases if case.relevant}
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        named[row["id"]] = set(row["relevant"])
    answers = {question: {p for p, grade in grades.items() if grade == ANSWERS} for question, grades in judged.items()}
    assert answers == named


def test_every_judged_passage_is_on_the_shelf(app: App) -> None:
    known = {passage.id for passage in app.library.index.passages()}
    judged = {passage for grades in judgements().values() for passage in grades}
    assert judged - known == set()


def test_every_question_was_judged_deep_enough_to_tell_systems_apart() -> None:
    questions = [*case_questions(), *held_out_questions(), *case_questions(HELD_OUT_CASES)]
    assert len(questions) >= 170
    assert min(len(asked.grades) for asked in questions) >= 8
    assert all(ANSWERS in asked.grades.values() and 0 in asked.grades.values() for asked in questions)


def test_the_best_order_scores_one() -> None:
    assert quality(["a#1", "b#1", "c#1", "d#1"], GRADES) == (1.0, 1.0, 1.0, 1.0)


def test_what_answers_in_part_is_worth_half_and_what_nobody_judged_nothing() -> None:
    found = quality(["c#1", "x#1", "a#1"], GRADES)
    assert found.best == 0.5
    assert found.any == pytest.approx(2 / 3)
    assert found.judged == pytest.approx(2 / 3)
    assert found.ndcg == pytest.approx((1 + 2 / 2) / (2 + 2 / 1.5849625 + 1 / 2))


def test_a_passage_found_twice_counts_once() -> None:
    assert quality(["a#1", "a#1", "b#1"], GRADES).best == 1.0
