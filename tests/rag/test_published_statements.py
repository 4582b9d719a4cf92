"""A crash with a wrong date or number in the question is set right from the table; a true one never is."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.figures import Event
from rag.phrasing import day_in_words
from rag.published import Correction, FigureTable, StatementChecker
from rag.published.dating import misdated
from tests.rag.frames import Frames
from ui.app import App

LABELLED = Path(__file__).parents[2] / "eval" / "labelled" / "crashes.jsonl"
ROWS = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
FAMILIES = {
    "bitcoin_fall": "fall",
    "ether_fall": "fall",
    "bitcoin_low": "low",
    "ether_low": "low",
    "market_value": "market_value",
    "traders": "traders",
    "liquidations": "liquidations",
    "date": "date",
}


@pytest.fixture(scope="module")
def events(app: App) -> tuple[Event, ...]:
    return tuple(app.library.events)


@pytest.fixture(scope="module")
def frames(app: App, events: tuple[Event, ...]) -> Frames:
    return Frames(events, app.library.index.embedder)


@pytest.fixture(scope="module")
def checker(app: App, events: tuple[Event, ...], tmp_path_factory: pytest.TempPathFactory) -> StatementChecker:
    return StatementChecker(FigureTable.of(events), app.library.index.embedder, tmp_path_factory.mktemp("statements"))


def _wrong(one: Correction) -> tuple[str, str]:
    return (one.dimension or "date", one.event.id)


@pytest.mark.parametrize("text", [row["text"] for row in ROWS if row["wrong"] is None])
def test_a_true_statement_is_never_corrected(text: str, frames: Frames, checker: StatementChecker) -> None:
    assert [_wrong(one) for one in checker.corrections(frames(text))] == []


@pytest.mark.parametrize(
    ("text", "wrong", "event"), [(row["text"], row["wrong"], row["event"]) for row in ROWS if row["wrong"]]
)
def test_a_wrong_date_or_number_is_noticed(
    text: str, wrong: str, event: str, frames: Frames, checker: StatementChecker
) -> None:
    assert [_wrong(one) for one in checker.corrections(frames(text))] == [(FAMILIES[wrong], event)]


def test_what_only_a_weak_source_says_sets_nothing_right(frames: Frames, checker: StatementChecker) -> None:
    assert checker.corrections(frames("eth fell 90% on 10 october 2025")) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("only 20% of the liquidations on 10 october 2025 were longs", True),
        ("87% of the liquidations on 10 october 2025 were longs", False),
        ("a 200 million dollar position was liquidated on 10 october 2025", False),
    ],
)
def test_a_share_is_wrong_in_both_directions_and_one_position_is_no_total(
    text: str, wrong: bool, frames: Frames, checker: StatementChecker
) -> None:
    assert bool(checker.corrections(frames(text))) is wrong


def test_every_crash_may_be_dated_by_all_of_its_days(events: tuple[Event, ...]) -> None:
    for event in events:
        days = [event.start + timedelta(days=n) for n in range((event.end - event.start).days + 1)]
        for name, stated in ((name, form) for name in event.own_names for day in days for form in _forms(str(day))):
            for text in (f"why did the {name} happen in {stated}?", f"{name} {stated}", f"the {stated} {name}"):
                assert misdated(text, events) is None, text


def test_every_published_figure_may_be_quoted_with_its_crash(
    events: tuple[Event, ...], frames: Frames, checker: StatementChecker
) -> None:
    quoted = {
        "btc_drop_pct": "why did bitcoin fall {value:g}%",
        "eth_drop_pct": "why did ether fall {value:g}%",
        "btc_low_usd": "btc fell to {value:,.0f} USD",
        "eth_low_usd": "eth dropped to {value:,.0f} USD",
        "liquidations_usd_24h": "{value:,.0f} USD was liquidated",
        "liquidations_usd_event": "{value:,.0f} USD was liquidated",
        "traders_liquidated": "{value:,.0f} traders were liquidated",
        "market_cap_drop_usd": "the crypto market lost {value:,.0f} USD",
    }
    for event in events:
        for figure in event.figures:
            if figure.quantity in quoted:
                text = f"{quoted[figure.quantity].format(value=figure.value)} in the {event.name}"
                assert checker.corrections(frames(text)) == [], text


def _forms(day: str) -> Iterator[str]:
    yield day_in_words(day)
    yield day_in_words(day[:7])
    yield day[:4]
    yield day_in_words(day).rsplit(" ", 1)[0]
