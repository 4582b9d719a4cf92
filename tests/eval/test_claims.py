"""Verification is as good as its measurement on labelled claims says, and far better than counting words."""

from pathlib import Path

import numpy as np
import pytest

from eval.case import COMMITTED, load_cases
from eval.claims import CLAIMS_OF_ARTICLES, Verification, load_claims, roc_auc, threshold_for, verification
from eval.errors import LabelsInvalid
from knowledge.embedding import Embedder
from rag.verifying import THRESHOLD, Support, Verifier


@pytest.fixture(scope="module")
def found(embedder: Embedder) -> Verification:
    articles = load_claims(CLAIMS_OF_ARTICLES)
    return verification(load_claims(), articles, Verifier(Support(embedder.embed)), THRESHOLD)


def test_it_beats_rouge_clearly_on_claims_that_did_not_set_the_threshold(found: Verification) -> None:
    assert found.held_out.auc.value >= 0.85
    assert found.held_out.ahead.low > 0.35


def test_it_beats_rouge_on_claims_about_our_own_articles_that_were_not_looked_at(found: Verification) -> None:
    assert found.articles_held_out.auc.value >= 0.7
    assert found.articles_held_out.ahead.low > 0.1


@pytest.mark.parametrize("trap", ["wrong_number", "wrong_unit", "wrong_date", "swapped_asset", "negation"])
def test_no_claim_about_an_article_with_this_trap_is_kept(found: Verification, trap: str) -> None:
    assert found.articles_seen.kept.get(trap, 0) == found.articles_held_out.kept.get(trap, 0) == 0


def test_the_threshold_in_use_is_the_one_the_setting_half_sets(found: Verification) -> None:
    assert found.threshold_set == THRESHOLD


@pytest.mark.parametrize(
    "trap", ["wrong_number", "wrong_unit", "wrong_date", "wrong_bound", "swapped_asset", "swapped_side",
             "swapped_name", "negation"]
)  # fmt: skip
def test_no_claim_with_this_trap_is_kept(found: Verification, trap: str) -> None:
    assert found.setting.kept[trap] == 0
    assert found.held_out.kept[trap] == 0


def test_there_are_enough_pairs_and_no_evidence_stands_in_both_halves() -> None:
    pairs = [*load_claims(), *load_claims(CLAIMS_OF_ARTICLES)]
    assert len(pairs) >= 440
    assert sum(pair.supported for pair in pairs) >= 150
    halves = [{pair.evidence for pair in pairs if pair.held_out == held} for held in (True, False)]
    assert not halves[0] & halves[1]


def test_no_labelled_claim_is_taken_from_an_evaluation_case() -> None:
    said = {item.lower() for case in load_cases(COMMITTED) for item in (case.question, *case.must_say)}
    pairs = [*load_claims(), *load_claims(CLAIMS_OF_ARTICLES)]
    assert [pair.claim for pair in pairs if pair.claim.lower().rstrip(".") in said] == []


def test_roc_auc_counts_pairs_and_halves_ties() -> None:
    assert roc_auc(np.array([0.9, 0.8, 0.1]), np.array([True, True, False])) == 1.0
    assert roc_auc(np.array([0.5, 0.5]), np.array([True, False])) == 0.5
    assert roc_auc(np.array([0.1, 0.9]), np.array([True, False])) == 0.0


def test_a_threshold_that_nothing_reaches_keeps_nothing() -> None:
    assert threshold_for(np.array([0.9, 0.8]), np.array([False, False])) == 1.0


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text('{"claim": "a", "evidence": "b", "kind": "rumour", "supported": true}', "utf-8")
    with pytest.raises(LabelsInvalid, match=r"claims\.jsonl:1: field 'kind'"):
        load_claims(file)
