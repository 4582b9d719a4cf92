"""Passages are graded alike by the same words everywhere, and what a user added is judged by its text."""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.judge.compiled import Compiled, narrowed, widened
from rag.judge.features import NAMES
from rag.judge.judge import Forest, Graded
from rag.network import WEIGHTS
from rag.question import Question
from tests.conftest import ROOT
from ui.app import App, build_app, open_library

NOW = datetime(2026, 11, 25, tzinfo=UTC)
Tree = Mapping[str, Sequence[float]]

SPLIT: Tree = {
    "feature": [0, -1, 1, -1, -1], "threshold": [0.5, 0, 2.0, 0, 0], "left": [1, -1, 3, -1, -1],
    "right": [2, -1, 4, -1, -1], "value": [0, -1.0, 0, 0.5, 2.0],
}  # fmt: skip
"""Up to 0.5 of the first number: -1. Else up to 2 of the second: 0.5, and above: 2."""
LEAF: Tree = {"feature": [-1], "threshold": [0], "left": [-1], "right": [-1], "value": [3.0]}

_PRINTS_GRADES = """
import sys
from pathlib import Path
from rag.question import Question
from ui.app import build_app
app = build_app(Path(sys.argv[1]))
for asked in sys.argv[2:]:
    for part in app.explain(Question.ask(asked)).trace.parts:
        print(*(f"{one.id}={one.answers}/{one.helps}" for one in part.graded))
"""
_ASKED = ("What is auto-deleveraging?", "why was i liquidated although the price came back")

_LEAST_READ = 3
"""So many at the head are in one order; what was not looked at as closely stands behind them."""

DOCUMENT = """---
title: Rules of the Quokkabay exchange
topic: liquidations
level: beginner
updated: 2026-11-24
sources:
  - {name: Quokkabay rule book}
---

## How Quokkabay closes a position

The Quokkabay exchange closes a position in three steps, and each step waits for eleven seconds. A Quokkabay trader may
add margin between two steps, and the closing then stops.
"""


def grades(app: App, text: str) -> list[Graded]:
    stages = app.stages
    frame = stages.reader.frame_of(text, NOW)
    hits = stages.index.search(frame.text, stages.settings.passages, frame.vector)
    return stages.judge.grade(frame, hits, stages.index.retriever().passages)


@pytest.mark.parametrize(
    ("row", "total"),
    [
        ([0.5, 9.0], 0.1 + 0.2 * (-1.0 + 3.0)),
        ([0.6, 2.0], 0.1 + 0.2 * (0.5 + 3.0)),
        ([0.6, 2.1], 0.1 + 0.2 * (2.0 + 3.0)),
    ],
)
def test_a_forest_sums_its_trees(row: list[float], total: float) -> None:
    made = Forest([SPLIT, LEAF], 0.1, 0.2).probabilities(np.array([row], dtype=np.float32))
    assert made == pytest.approx([1 / (1 + math.exp(-total))])


def test_a_forest_without_rows_gives_nothing() -> None:
    assert Forest([SPLIT], 0.0, 0.1).probabilities(np.zeros((0, 2), dtype=np.float32)).shape == (0,)


def _walked(tree: Tree, row: Sequence[float]) -> float:
    node = 0
    while tree["feature"][node] >= 0:
        goes_left = row[int(tree["feature"][node])] <= tree["threshold"][node]
        node = int(tree["left" if goes_left else "right"][node])
    return tree["value"][node]


@given(st.lists(st.lists(st.floats(-1, 2, width=32), min_size=len(NAMES), max_size=len(NAMES)), min_size=1, max_size=3))
@settings(max_examples=15)
def test_the_trees_of_this_repository_are_walked_to_the_end(rows: list[list[float]]) -> None:
    read = json.loads((WEIGHTS / "judge.json").read_text(encoding="utf-8"))
    for forest in read["forests"].values():
        trees, start, rate = forest["trees"], forest["start"], forest["rate"]
        by_hand = [1 / (1 + math.exp(-(start + rate * sum(_walked(tree, row) for tree in trees)))) for row in rows]
        made = Forest(trees, start, rate).probabilities(np.array(rows, dtype=np.float32))
        assert made == pytest.approx(by_hand)


def test_every_threshold_is_a_probability() -> None:
    thresholds = json.loads((WEIGHTS / "judge.json").read_text(encoding="utf-8"))["thresholds"]
    assert set(thresholds) == {"serve", "sure", "helping", "chip"}
    assert all(0 < value < 1 for value in thresholds.values())


def test_what_is_compiled_fits_the_shelf(app: App) -> None:
    compiled = Compiled.load()
    shelf = {passage.id for passage in app.library.index.passages()}
    assert [id_ for id_ in compiled.ids if id_ not in shelf] == []
    assert [id_ for id_ in compiled.frames if id_ not in shelf] == []
    assert len(set(compiled.ids)) == len(compiled.ids) == len(compiled.texts)
    with np.load(WEIGHTS / "compiled.npz", allow_pickle=False) as read:
        for owners, vectors in (("owners", "questions"), ("miss_owners", "misses")):
            assert len(read[owners]) == len(read[vectors])
            assert 0 <= read[owners].min() <= read[owners].max() < len(compiled.ids)


def test_every_passage_of_the_shelf_is_compiled(app: App) -> None:
    compiled = Compiled.load()
    assert [passage.id for passage in app.library.index.passages() if passage.id not in compiled.place] == []


def test_a_vector_survives_being_stored_in_a_byte() -> None:
    vectors = np.random.default_rng(7).normal(size=(5, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.abs((widened(narrowed(vectors)) * vectors).sum(axis=1) - 1).max() < 1e-3


@pytest.mark.parametrize("text", _ASKED)
def test_the_same_words_have_the_same_grades(app: App, text: str) -> None:
    first, again = grades(app, text), grades(app, text)
    assert [(one.passage.id, one.answers, one.helps) for one in first] == [
        (one.passage.id, one.answers, one.helps) for one in again
    ]
    worth = [one.worth for one in first[:_LEAST_READ]]
    assert worth == sorted(worth, reverse=True)
    assert all(0 <= one.answers <= one.helps <= 1 for one in first)


def test_grades_are_the_same_in_another_process(app: App, built_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    environment = os.environ | {"PYTHONHASHSEED": "4711", "OMP_NUM_THREADS": "4", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _PRINTS_GRADES, str(home), *_ASKED]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    parts = [part for asked in _ASKED for part in app.explain(Question.ask(asked)).trace.parts]
    here = [" ".join(f"{one.id}={one.answers}/{one.helps}" for one in part.graded) for part in parts]
    assert told.stdout.split("\n")[-len(here) - 1 : -1] == here


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("What is auto-deleveraging?", "auto-deleveraging"),
        ("what is open interest", "open-interest"),
        ("what is a liquidation cascade", "cascade"),
    ],
)
def test_what_defines_a_word_is_graded_above_the_rest(app: App, text: str, passage: str) -> None:
    assert any(passage in one.passage.id for one in grades(app, text)[:3])


def test_an_added_document_is_judged_by_its_text_and_served(built_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    document = tmp_path / "quokkabay.md"
    document.write_text(DOCUMENT, encoding="utf-8")
    open_library(home).shelf.add([document])
    app = build_app(home)
    best, *_ = grades(app, "How does the Quokkabay exchange close a position?")
    assert "quokkabay" in best.passage.id
    answer = app.ask(Question.ask("How does the Quokkabay exchange close a position?"))
    assert answer.status == "answered"
    assert "three steps" in answer.answer
    assert "quokkabay" in answer.evidence[0].detail["id"]
    bundled = app.ask(Question.ask("What is auto-deleveraging?"))
    assert not any("quokkabay" in str(item.detail.get("id")) for item in bundled.evidence)
