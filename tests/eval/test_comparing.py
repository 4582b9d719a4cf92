"""A change that breaks a few cases is stopped, one that changes nothing is not, and unlike runs are not compared."""

from pathlib import Path

import pytest

from eval.comparing import compare
from eval.errors import GateInvalid, RunDiffers
from eval.gate import Gate, load_gate
from tests.eval.conftest import case, result, run_of

CASES = 250
GATE = Gate.model_validate(
    {"confidence": 0.95, "metrics": {"passed": {"floor": 0.5, "tolerated_drop": 0.01},
                                     "facts_found": {"floor": 0.5, "tolerated_drop": 0.01}}}
)  # fmt: skip


def planted(share: float) -> list[bool]:
    broken = round(CASES * share)
    return [False] * broken + [True] * (CASES - broken)


def test_breaking_three_percent_of_the_cases_is_stopped() -> None:
    found = compare(run_of([True] * CASES), run_of(planted(0.03)), GATE)
    assert not found.passed
    assert {breach.fault for breach in found.breaches} == {"significantly_worse"}
    assert len(found.broken) == 8
    assert found.p_value < 0.05


def test_a_change_that_changes_nothing_passes() -> None:
    found = compare(run_of(planted(0.3)), run_of(planted(0.3)), GATE)
    assert found.passed
    assert (found.fixed, found.broken, found.p_value) == ((), (), 1.0)
    assert all(one.change.low == one.change.high == 0 for one in found.differences)


def test_one_broken_case_is_listed_and_tolerated() -> None:
    found = compare(run_of([True] * CASES), run_of([False, *[True] * (CASES - 1)]), GATE)
    assert found.passed
    assert found.broken == ("case-0",)


def test_below_its_floor_a_metric_is_stopped_even_if_nothing_changed() -> None:
    found = compare(run_of(planted(0.6)), run_of(planted(0.6)), GATE)
    assert {breach.fault for breach in found.breaches} == {"below_floor"}


def test_improvement_passes_and_lists_what_was_fixed() -> None:
    found = compare(run_of(planted(0.03)), run_of([True] * CASES), GATE)
    assert found.passed
    assert len(found.fixed) == 8


@pytest.mark.parametrize("moved", ["corpus", "market_data"])
def test_runs_on_different_ground_are_refused_unless_asked(moved: str) -> None:
    before, after = run_of([True] * 9), run_of([True] * 9, **{moved: "other"})
    with pytest.raises(RunDiffers, match=f"different {moved}.*--across-corpora"):
        compare(before, after, GATE)
    assert compare(before, after, GATE, across_grounds=True).ground_changed == (moved,)


def test_a_rewritten_case_is_left_out_and_named() -> None:
    before, after = run_of([True] * 9), run_of([True] * 9)
    rewritten = result(8, case=case(id="case-8", question="Something else?"))
    found = compare(before, after.model_copy(update={"results": (*after.results[:8], rewritten)}), GATE)
    assert (found.pairs, found.unpaired) == (8, ("case-8",))


def test_runs_that_share_no_case_are_refused() -> None:
    before = run_of([True])
    after = before.model_copy(update={"results": (result(5),)})
    with pytest.raises(RunDiffers, match="share no case"):
        compare(before, after, GATE)


def test_a_gate_on_a_metric_that_does_not_exist_is_an_error() -> None:
    gate = Gate.model_validate({"confidence": 0.95, "metrics": {"beauty": {"floor": 0, "tolerated_drop": 0}}})
    with pytest.raises(GateInvalid, match="'beauty'"):
        compare(run_of([True]), run_of([True]), gate)


def test_a_faulty_gate_file_is_named_with_its_field(tmp_path: Path) -> None:
    file = tmp_path / "gate.yaml"
    file.write_text("confidence: 2\nmetrics: {}\n", "utf-8")
    with pytest.raises(GateInvalid, match=r"gate\.yaml: field 'confidence'"):
        load_gate(file)


def test_the_committed_gate_is_sound() -> None:
    gate = load_gate()
    assert gate.metrics["number_receipts"].floor == 1.0
    assert gate.metrics["no_advice"].floor == 1.0
