"""Case files are checked before anything runs; the error names file, line and field."""

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.case import COMMITTED, load_cases
from eval.errors import CasesInvalid
from ui.app import App

GOOD = {"id": "one", "question": "What is leverage?", "kind": "definition", "expect": "answer", "must_say": ["margin"]}


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_a_good_file_is_read_in_order(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path / "c.jsonl", GOOD, "", {**GOOD, "id": "two"}))
    assert [case.id for case in cases] == ["one", "two"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({**GOOD, "kind": "riddle"}, r"c\.jsonl:2: field 'kind'"),
        ({**GOOD, "expect": "shrug"}, r"c\.jsonl:2: field 'expect'"),
        ({key: value for key, value in GOOD.items() if key != "question"}, r"c\.jsonl:2: field 'question'"),
        ({**GOOD, "extra": 1}, r"c\.jsonl:2: field 'extra'"),
        ("{not json", r"c\.jsonl:2: field 'line'"),
        (GOOD, "id 'one' is used twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(CasesInvalid, match=message):
        load_cases(write(tmp_path / "c.jsonl", GOOD, line))


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CasesInvalid, match=r"name a \.jsonl file"):
        load_cases(tmp_path / "none.jsonl")


def test_the_committed_cases_are_many_and_cover_every_kind() -> None:
    cases = load_cases(COMMITTED)
    kinds = Counter(case.kind for case in cases)
    assert len(cases) >= 240
    assert len(kinds) == 14
    assert min(kinds.values()) >= 9
    assert sum(bool(case.relevant) for case in cases) >= 60


def test_every_relevant_passage_is_on_the_shelf(app: App) -> None:
    known = {passage.id for passage in app.library.index.passages()}
    named = {passage for case in load_cases(COMMITTED) for passage in case.relevant}
    assert named - known == set()


def test_no_case_asks_the_same_question_twice() -> None:
    asked = Counter((case.question.lower(), case.history, case.as_of) for case in load_cases(COMMITTED))
    assert [question for question, count in asked.items() if count > 1] == []


def test_the_held_out_cases_ask_nothing_that_the_committed_ones_ask() -> None:
    held_out = load_cases(COMMITTED.parent / "heldout")
    asked = {case.question.lower() for case in load_cases(COMMITTED)}
    assert len(held_out) >= 80
    assert not [case.id for case in held_out if not case.history and case.question.lower() in asked]
