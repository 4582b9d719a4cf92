"""What is shown of a crash obeys how its sources are graded: a weak one only beside a better one, a wrong one never."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

import knowledge
from knowledge.figures import Event, Figure
from knowledge.loading.events import load_event
from rag.published import FigureTable

FILES = sorted((Path(knowledge.__file__).parent / "events").glob("*.yaml"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def event(request: pytest.FixtureRequest) -> Event:
    return load_event(request.param)


def test_a_weak_source_is_never_the_only_one_of_a_number(event: Event) -> None:
    table = FigureTable.of([event])
    assert event.as_shown().figures == event.shown
    _beside_better_ones(event.shown)
    for dimension in table.guide.dimensions:
        best = table.best(event, dimension)
        assert best is None or best.best.grade != "C", dimension


def test_every_better_source_is_shown(event: Event) -> None:
    assert [one for one in event.shown if one.grade != "C"] == [one for one in event.figures if one.grade != "C"]


def test_a_weak_source_is_shown_beside_a_better_one() -> None:
    (record,) = [load_event(path) for path in FILES if path.stem == "2025-10-10_record_liquidation"]
    weak = [one for one in record.shown if one.grade == "C"]
    assert "liquidations_usd_24h" in {one.quantity for one in weak}
    assert "liquidations_usd_1min" not in {one.quantity for one in record.shown}


def test_a_figure_known_to_be_wrong_is_nowhere(event: Event, shared: Path) -> None:
    facts: list[dict[str, Any]] = yaml.safe_load((shared / "facts" / "events.yaml").read_text())["events"]
    wrong = {
        (figure["quantity"], figure["value"])
        for fact in facts
        if fact["id"] == event.id
        for figure in fact["figures"]
        if figure.get("suspect")
    }
    assert not wrong & {(figure.quantity, figure.value) for figure in event.figures}


def _beside_better_ones(figures: Sequence[Figure]) -> None:
    weak, better = (
        {(one.quantity, one.asset, one.wave) for one in figures if (one.grade == "C") == graded_weak}
        for graded_weak in (True, False)
    )
    assert weak <= better
