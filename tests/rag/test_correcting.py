"""A crash with a wrong date or number in the question is set right from its own record; a true one never is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from knowledge.figures import Event
from rag.events import EventFinder
from rag.misdating import misdated
from rag.misquoting import misquoted
from rag.periods import stated_days
from rag.phrasing import day_in_words
from rag.question import Question
from ui.app import App

LABELLED = Path(__file__).parents[2] / "eval" / "labelled" / "crashes.jsonl"
ROWS = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def events(app: App) -> tuple[Event, ...]:
    return tuple(app.library.events)


def _wrong(text: str, events: tuple[Event, ...]) -> tuple[str, str] | None:
    """What is wrong in `text` and about which crash."""
    finder = EventFinder(events)
    dated = finder.misdated(text)
    if dated:
        return "date", dated.event.id
    single = finder.single(text, stated_days(text, NOW))
    quoted = misquoted(text, single) if single else None
    return (quoted.family, quoted.event.id) if quoted else None


@pytest.mark.parametrize("text", [row["text"] for row in ROWS if row["wrong"] is None])
def test_a_true_statement_is_never_corrected(text: str, events: tuple[Event, ...]) -> None:
    assert _wrong(text, events) is None


@pytest.mark.parametrize(
    ("text", "wrong", "event"), [(row["text"], row["wrong"], row["event"]) for row in ROWS if row["wrong"]]
)
def test_a_wrong_date_or_number_is_noticed(text: str, wrong: str, event: str, events: tuple[Event, ...]) -> None:
    assert _wrong(text, events) == (wrong, event)


def test_what_only_a_weak_source_says_sets_nothing_right(events: tuple[Event, ...]) -> None:
    assert _wrong("eth fell 90% on 10 october 2025", events) is None


def test_every_crash_may_be_dated_by_all_of_its_days(events: tuple[Event, ...]) -> None:
    for event in events:
        days = [event.start + timedelta(days=n) for n in range((event.end - event.start).days + 1)]
        for name, stated in ((name, form) for name in event.own_names for day in days for form in _forms(str(day))):
            for text in (f"why did the {name} happen in {stated}?", f"{name} {stated}", f"the {stated} {name}"):
                assert misdated(text, events) is None, text


def test_every_published_figure_may_be_quoted_with_its_crash(events: tuple[Event, ...]) -> None:
    quoted = {
        "btc_drop_pct": "why did bitcoin fall {value:g}%",
        "eth_drop_pct": "why did ether fall {value:g}%",
        "btc_low_usd": "btc fell to {value:,.0f} USD",
        "eth_low_usd": "eth dropped to {value:,.0f} USD",
        "liquidations_usd_24h": "{value:,.0f} USD was liquidated",
        "liquidations_usd_event": "{value:,.0f} USD was liquidated",
        "liquidations_usd_48h": "since {value:,.0f} USD was liquidated",
        "traders_liquidated": "{value:,.0f} traders were liquidated",
        "market_cap_drop_usd": "the crypto market lost {value:,.0f} USD",
    }
    for event in events:
        for figure in event.figures:
            if figure.quantity in quoted:
                text = f"{quoted[figure.quantity].format(value=figure.value)} in the {event.name}"
                assert misquoted(text, event) is None, text


def test_no_curated_question_is_corrected(app: App, events: tuple[Event, ...]) -> None:
    right = {text for passage in app.library.index.passages() for text in (*passage.questions, *passage.truths)}
    assert [text for text in sorted(right) if _wrong(text, events)] == []


def test_the_time_of_a_crash_is_set_right_before_its_causes_are_told(app: App) -> None:
    answer = app.ask(Question.ask("why did FTX collapse in October 2025?"))
    assert answer.claims[0].text.startswith("The FTX collapse ran from 8 to 10 November 2022")
    assert answer.evidence[0].detail["slug"] == "2022-11-ftx"
    assert any("tariff" in claim.text for claim in answer.claims)
    assert any("Alameda" in claim.text for claim in answer.claims)


def test_a_number_of_a_crash_is_set_right_before_what_is_asked_is_answered(app: App) -> None:
    answer = app.ask(Question.ask("when BTC fell 80% on 10 October 2025, how many traders were liquidated?"))
    assert "far from everything published" in answer.claims[0].text
    assert "17%" in answer.claims[1].text
    assert "80%" not in answer.answer
    assert any("traders were liquidated" in claim.text for claim in answer.claims)


def _forms(day: str) -> Iterator[str]:
    yield day_in_words(day)
    yield day_in_words(day[:7])
    yield day[:4]
    yield day_in_words(day).rsplit(" ", 1)[0]
