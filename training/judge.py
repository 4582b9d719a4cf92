"""Fits the judge's trees on judged pairs, sets its thresholds, and prints how it does out of fold.

    python -m training.judge            fit on all judgements, print the curves, write rag/weights/judge.json
    python -m training.judge --print    print the curves only

Strangers' questions are split into five by question; every figure printed is of a fold that was left out. Questions
that were written for a passage are fitted without the other questions of their author, as a new one would be.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from knowledge.embedding import Embedder
from knowledge.gazetteer import Gazetteer
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings
from rag.judge.compiled import Compiled
from rag.judge.encoder import Encoder
from rag.judge.features import NAMES, Features
from rag.network import WEIGHTS
from rag.reader import Heads
from training.compile import authors
from training.corpus import SEED, Judged, Written, judged, lines, passages
from ui.app import open_reader

_FOLDS = 5
_NOW = datetime(2025, 11, 5, tzinfo=UTC)
_TREES = {"n_estimators": 220, "max_depth": 3, "learning_rate": 0.06, "subsample": 0.7, "min_samples_leaf": 30}
_STRANGERS_WEIGH = 3.0
"""Strangers' questions weigh more than those that were written for a passage, which new ones are less like."""
_BESIDE = 0.06
"""The share of all questions that may get an entry beside the point, out of fold."""
_SURE = 0.8
_HELPING = 0.6
_CHIP = 0.5


@dataclass(frozen=True)
class Question:
    """One judged question: its candidates' numbers and grades (-1 where nobody judged the pair)."""

    judged: Judged
    ids: tuple[str, ...]
    rows: npt.NDArray[np.float32]
    grades: npt.NDArray[np.int64]
    fold: int
    """-1 for a question that was written for a passage: always fitted on, never tested on."""


def questions(cases: Sequence[Judged]) -> list[Question]:
    """The numbers of every judged question."""
    shelf = passages()
    compiled = Compiled.load()
    order = authors(shelf)
    gazetteer = Gazetteer.load()
    tokenizer = Embedder.packaged().folder / "tokenizer.json"
    encoder = Encoder(tokenizer)
    features = Features(compiled, gazetteer)
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        library = Library(Path(scratch), KnowledgeSettings())
        library.sync()
        reader = open_reader(library, gazetteer, encoder, Heads(tokenizer))
        held = library.index.retriever().passages
        number = 0
        for one in cases:
            frame = reader.frame_of(one.question, _NOW)
            hits = library.index.search(one.question, 8, frame.vector)
            own = _own(one, order)
            candidates = features.candidates(frame, hits, held, {}, own)
            ids = tuple(passage.id for passage in candidates.passages)
            unknown = 0 if one.origin == "strangers" else -1
            grades = np.array([one.grades.get(id_, unknown) for id_ in ids], dtype=np.int64)
            stranger = one.origin not in {"written", "near_miss"}
            found.append(Question(one, ids, candidates.rows, grades, number % _FOLDS if stranger else -1))
            number += stranger
        library.close()
    return found


def _own(one: Judged, order: Sequence[Written]) -> "npt.NDArray[np.bool_] | None":
    """Marks the written questions of the same passage by the same author."""
    if one.origin != "written":
        return None
    mine = {(each.passage, each.author) for each in order if each.text == one.question}
    return np.array([(each.passage, each.author) in mine for each in order])


def fit(found: Sequence[Question], least: int) -> GradientBoostingClassifier:
    """Trees for the probability that a passage's grade is at least `least`."""
    rows = np.concatenate([one.rows[one.grades >= 0] for one in found])
    labels = np.concatenate([one.grades[one.grades >= 0] >= least for one in found])
    weights = np.concatenate(
        [np.full((one.grades >= 0).sum(), _STRANGERS_WEIGH if one.fold >= 0 else 1.0) for one in found]
    )
    return GradientBoostingClassifier(random_state=SEED, **_TREES).fit(rows, labels, weights)


def out_of_fold(found: Sequence[Question]) -> dict[int, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """For the place of each stranger's question: answers and helps of its candidates, by trees not fitted on it."""
    made = {}
    for fold in range(_FOLDS):
        rest = [one for one in found if one.fold != fold]
        answers, helps = fit(rest, 2), fit(rest, 1)
        for place, one in enumerate(found):
            if one.fold == fold:
                first = answers.predict_proba(one.rows)[:, 1]
                second = np.maximum(helps.predict_proba(one.rows)[:, 1], first)
                # A passage that nobody judged for the question, as those that came later, is no candidate here.
                known = one.grades >= 0
                made[place] = np.where(known, first, -1.0), np.where(known, second, -1.0)
    return made


def thresholds(found: Sequence[Question], made: dict[int, Any]) -> dict[str, float]:
    """Where the judge serves: by the share beside the point, and by how often the first answers."""
    best = [_best(found[place], *scores) for place, scores in sorted(made.items())]
    everything = [
        (float(h), grade > 0) for place, (_, helps) in made.items()
        for h, grade in zip(helps, found[place].grades, strict=True) if grade >= 0
    ]  # fmt: skip
    return {
        "serve": _served([(helps, grade == 0) for _, helps, grade in best], _BESIDE),
        "sure": _lowest([(answers, grade == 2) for answers, _, grade in best], _SURE),
        "helping": _lowest([(helps, grade > 0) for _, helps, grade in best], _HELPING),
        "chip": _lowest(everything, _CHIP),
    }


def _best(one: Question, answers: npt.NDArray[np.float64], helps: npt.NDArray[np.float64]) -> tuple[float, float, int]:
    place = int(np.argmax(answers + helps))
    return float(answers[place]), float(helps[place]), max(0, int(one.grades[place]))


def _served(scored: Sequence[tuple[float, bool]], share: float) -> float:
    """The lowest score from which on what is beside the point is at most `share` of all."""
    beside, lowest = 0, 1.0
    for score, off in sorted(scored, key=lambda pair: -pair[0]):
        beside += off
        if beside > share * len(scored):
            break
        lowest = score
    return round(lowest, 4)


def _lowest(scored: Sequence[tuple[float, bool]], share: float) -> float:
    """The lowest score from which on at least `share` of what scores so high is good."""
    ordered = sorted(scored, key=lambda pair: -pair[0])
    good, lowest = 0, 1.0
    for count, (score, fine) in enumerate(ordered, start=1):
        good += fine
        if good / count >= share:
            lowest = score
    return round(lowest, 4)


def curve(found: Sequence[Question], made: dict[int, Any]) -> list[str]:
    """The report: order among answerable questions, and what is served at several thresholds."""
    best = [(_best(found[place], *scores), found[place]) for place, scores in sorted(made.items())]
    answerable = [(one, question) for one, question in best if question.grades.max(initial=0) == 2]
    helped = [one for one, question in best if max(question.judged.grades.values(), default=0) == 0]
    first = np.mean([grade == 2 for (_, _, grade), _ in answerable])
    three = np.mean([
        2 in question.grades[np.argsort(-(made[place][0] + made[place][1]))[:3]]
        for place, question in enumerate(found) if place in made and question.grades.max(initial=0) == 2
    ])  # fmt: skip
    pairs = [
        (score, grade == 2) for place, (answers, helps) in made.items()
        for score, grade in zip(answers + helps, found[place].grades, strict=True) if grade >= 0 and score >= 0
    ]  # fmt: skip
    auc = roc_auc_score([label for _, label in pairs], [score for score, _ in pairs])
    said = [
        f"{len(best)} strangers' questions, {len(answerable)} with an answer, {len(helped)} where nothing helps",
        f"right one first {first:.3f}, in three {three:.3f}, pairs told apart (AUC) {auc:.3f}",
        "helps at least   served   answers   a part   beside   abstains where nothing helps",
    ]
    for at in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        served = [grade for (_, helps, grade), _ in best if helps >= at]
        quiet = np.mean([helps < at for _, helps, _ in helped]) if helped else float("nan")
        if served:
            shares = [np.mean([grade == wanted for grade in served]) for wanted in (2, 1, 0)]
            figures = (len(served) / len(best), *shares, quiet)
            said.append(f"{at:>14.2f}   " + "     ".join(f"{figure:.3f}" for figure in figures))
    return said


def trees(model: GradientBoostingClassifier) -> dict[str, Any]:
    """A fitted model as plain arrays."""
    prior = float(model.init_.class_prior_[1])
    return {
        "start": float(np.log(prior / (1 - prior))),
        "rate": float(model.learning_rate),
        "trees": [
            {
                "feature": [int(place) for place in tree.tree_.feature],
                "threshold": [float(at) for at in tree.tree_.threshold],
                "left": [max(0, int(place)) for place in tree.tree_.children_left],
                "right": [max(0, int(place)) for place in tree.tree_.children_right],
                "value": [round(float(value), 6) for value in tree.tree_.value[:, 0, 0]],
            }
            for tree in model.estimators_[:, 0]
        ],
    }


def cases() -> list[Judged]:
    """Every judgement, and the strangers whose passages are known."""
    strangers = [
        Judged(row["question"], row["grades"], "strangers", "strangers", None)
        for row in lines("strangers.jsonl")
        if not row["history"] and row["expect"] == "answer"
    ]
    return [*judged(), *strangers]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--print", action="store_true", dest="only_print", help="write nothing")
    given = parser.parse_args()
    found = questions(cases())
    made = out_of_fold(found)
    chosen = thresholds(found, made)
    sys.stdout.write("\n".join([*curve(found, made), f"thresholds {chosen}"]) + "\n")
    if not given.only_print:
        forests = {"answers": trees(fit(found, 2)), "helps": trees(fit(found, 1))}
        said = {"features": NAMES, "thresholds": chosen, "seed": SEED, "forests": forests}
        (WEIGHTS / "judge.json").write_text(json.dumps(said, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
