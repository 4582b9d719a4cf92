"""False premises are corrected first, true ones are left alone; measured on the labelled statements."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.embedding import Embedder
from rag.assertions import assertions
from rag.premises import Assertion, Correction, Premises, general, is_negated
from rag.question import Question
from rag.settings import RagSettings
from ui.app import App

LABELLED = Path(__file__).parents[2] / "eval" / "labelled" / "premises.jsonl"

Judged = list[tuple[str | None, Correction | None]]


@pytest.fixture(scope="module")
def premises(app: App, embedder: Embedder) -> Premises:
    passages = app.library.index.passages()
    return Premises(passages, embedder, app.home / "examples", RagSettings().premise_similarity)


def _stated(text: str, embedder: Embedder) -> Sequence[Assertion]:
    return [Assertion(said, embedder.embed_one(general(said))) for said in assertions(text)]


@pytest.fixture(scope="module")
def judged(premises: Premises, embedder: Embedder) -> dict[bool, Judged]:
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    found: dict[bool, Judged] = {False: [], True: []}
    for row in rows:
        found[row["held_out"]].append((row["corrects"], premises.corrected(_stated(row["text"], embedder))))
    return found


@pytest.mark.parametrize(("held_out", "least"), [(False, 0.85), (True, 0.55)])
def test_false_statements_are_corrected(judged: dict[bool, Judged], held_out: bool, least: float) -> None:
    false = [(wanted, found) for wanted, found in judged[held_out] if wanted]
    right = sum(found is not None and found.passage.id == wanted for wanted, found in false)
    assert right / len(false) >= least


@pytest.mark.parametrize(("held_out", "most"), [(False, 0.04), (True, 0.2)])
def test_right_and_neutral_statements_are_left_alone(judged: dict[bool, Judged], held_out: bool, most: float) -> None:
    right = [found for wanted, found in judged[held_out] if wanted is None]
    assert sum(found is not None for found in right) / len(right) <= most


def test_polarity_keeps_a_true_statement_from_being_corrected(premises: Premises, embedder: Embedder) -> None:
    wrong = premises.corrected(_stated("shorts cannot be liquidated", embedder))
    right = premises.corrected(_stated("shorts can be liquidated", embedder))
    assert wrong is not None
    assert right is None
    assert is_negated("shorts can't be liquidated")
    assert not is_negated("nobody does not pay")


def test_every_premise_is_corrected_by_its_own_passage(app: App, premises: Premises, embedder: Embedder) -> None:
    texts = [(p.id, premise) for p in app.library.index.passages() for premise in p.premises]
    vectors = embedder.embed([general(premise) for _, premise in texts])
    found = [premises.corrected([Assertion(text, vector)]) for (_, text), vector in zip(texts, vectors, strict=True)]
    missed = [text for (id_, text), one in zip(texts, found, strict=True) if one is None or one.passage.id != id_]
    assert missed == []
    assert len({id_ for id_, _ in texts}) >= 40


def test_a_false_premise_is_corrected_before_what_is_asked_is_answered(app: App) -> None:
    answer = app.ask(Question.ask("since 4 november 2025 was the biggest liquidation day ever, how much was it?"))
    assert "10 October 2025" in answer.claims[0].text
    assert any("4 November 2025" in claim.text and "billion USD" in claim.text for claim in answer.claims[1:])


def test_a_message_that_only_states_is_answered_by_the_correction_alone(app: App) -> None:
    answer = app.ask(Question.ask("bitcoin always recovers within a year anyway"))
    assert {item.detail["id"] for item in answer.evidence} == {
        "faq-misunderstandings#does-bitcoin-always-recover-in-time"
    }


def test_a_complete_calculation_is_no_premise(app: App) -> None:
    answer = app.ask(Question.ask("im short 80,000 usd notional and funding is -0.02% this interval. pay or receive?"))
    assert answer.evidence[0].kind == "calculation"
