"""A run tells how much of a language model's own text survived."""

from eval.writing import writing_of
from tests.eval.conftest import part, result, trace


def written(*, used: bool, reasons: list[str | None]) -> dict[str, object]:
    sentences = [
        {"text": "A sentence.", "kept": reason is None, "unsupported": (), "reason": reason} for reason in reasons
    ]
    return {"model": "m", "used": used, "failure": None, "unknown_codes": 1, "sentences": sentences}


def test_asked_used_and_dropped_are_counted_over_all_cases() -> None:
    used = trace(part(), generation=written(used=True, reasons=[None, None, "no receipt for 12%"]))
    unused = trace(part(), generation=written(used=False, reasons=["no receipt for 3", "cites nothing"]))
    found = writing_of([result(1, trace=used), result(2, trace=unused), result(3, trace=trace(part()))])
    assert found is not None
    assert (found.asked, found.used, found.sentences, found.kept, found.unknown_codes) == (2, 1, 5, 2, 2)
    assert found.dropped == {"no receipt": 2, "cites nothing": 1}


def test_where_no_model_was_asked_there_is_nothing_to_tell() -> None:
    assert writing_of([result(1, trace=trace(part())), result(2)]) is None
