"""The statement check is as good as its measurement on labelled pairs says, and no better."""

from pathlib import Path

import pytest

from eval.errors import LabelsInvalid
from eval.labels import agreements, load_pairs
from rag.meaning.comparing import Meaning


def test_precision_and_recall_hold_on_pairs_that_did_not_set_the_threshold(meaning: Meaning) -> None:
    found = agreements(load_pairs(), meaning)
    assert found.held_out.precision is not None
    assert found.held_out.recall is not None
    assert found.held_out.precision >= 0.8
    assert found.held_out.recall >= 0.4
    assert found.setting.precision is not None
    assert found.setting.precision >= 0.85


@pytest.mark.parametrize(
    "trap", ["negation", "wrong_direction", "wrong_date", "wrong_number", "wrong_entity", "unrelated"]
)
def test_no_pair_with_this_trap_is_taken_for_support(meaning: Meaning, trap: str) -> None:
    pairs = [pair for pair in load_pairs() if pair.trap == trap]
    assert len(pairs) >= 12
    assert [pair.sentence for pair in pairs if meaning.supports(pair.sentence, pair.statement)] == []


def test_there_are_enough_pairs_of_both_kinds() -> None:
    pairs = load_pairs()
    assert len(pairs) >= 120
    assert sum(pair.supported for pair in pairs) >= 60
    assert sum(pair.held_out for pair in pairs) >= 60


def test_what_the_rest_of_a_sentence_takes_back_is_not_supported(meaning: Meaning) -> None:
    assert not meaning.supports("Open interest counts contracts, not purchases.", "open interest counts purchases")


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"statement": "a", "sentence": "b", "supported": "perhaps", "trap": "negation"}', "utf-8")
    with pytest.raises(LabelsInvalid, match=r"pairs\.jsonl:1: field 'supported'"):
        load_pairs(file)
