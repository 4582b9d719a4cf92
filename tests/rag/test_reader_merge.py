"""A follow-up inherits what it leaves out, and what it says replaces what was said before."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.figures import Event
from knowledge.gazetteer import Entity, Gazetteer
from rag.events import EventFinder
from rag.frame import Aggregate, By, Frame, Side, Unit
from rag.periods import Period
from rag.reader.merge import merge
from ui.app import App

GAZETTEER = Gazetteer.load()
AGGREGATES: tuple[Aggregate, ...] = ("value", "max", "min", "rank", "difference", "share", "duration", "count", "when")
SLOTS = ("entities", "events", "side", "unit", "by", "aggregate", "period")


def frame(
    text: str = "",
    *,
    events: tuple[Event, ...] = (),
    side: Side | None = None,
    unit: Unit | None = None,
    by: By | None = None,
    aggregate: Aggregate = "value",
    period: Period | None = None,
) -> Frame:
    """A frame whose names are those of `text`."""
    nothing = np.zeros(3, dtype=np.float32)
    return Frame(
        text=text, words=text, vector=nothing, meaning=nothing, masked=nothing, routes={"explain": 1.0},
        kinds={"figure": 1.0}, guards={}, yes_no=0.0, entities=GAZETTEER.entities(text), events=events, side=side,
        unit=unit, by=by, aggregate=aggregate, period=period or Period(),
    )  # fmt: skip


def ids(merged: Frame) -> set[str]:
    return {entity.id for entity in merged.entities}


def names(text: str) -> set[str]:
    return {entity.id for entity in GAZETTEER.entities(text)}


@pytest.fixture(scope="module")
def crashes(app: App) -> tuple[Event, Event]:
    finder = EventFinder(app.library.events)
    (ftx,), (luna,) = finder.find("the FTX collapse", []), finder.find("the luna crash", [])
    return ftx, luna


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("bitcoin", "ether", "ether"),
        ("bitcoin", "solana", "solana"),
        ("bitcoin on binance", "bybit", "bitcoin bybit"),
        ("bitcoin on binance", "ether", "ether binance"),
        ("funding on binance", "aave", "aave"),
        ("bitcoin on binance", "on deribit for ether", "deribit ether"),
    ],
)
def test_a_name_takes_the_place_of_its_like(before: str, after: str, kept: str) -> None:
    assert ids(merge(frame(before), frame(after))) == names(kept)


def test_what_is_named_now_comes_first() -> None:
    merged = merge(frame("bitcoin on binance"), frame("bybit"))
    assert merged.entities[0].id in names("bybit")


def test_a_window_or_a_day_replaces_the_other() -> None:
    hour, day = Period(window=timedelta(hours=1)), Period(day="2025-10-10")
    assert merge(frame(period=day), frame(period=hour)).period == hour
    assert merge(frame(period=hour), frame(period=day)).period == day
    assert merge(frame(period=hour), frame()).period == hour


def test_another_crash_replaces_the_first(crashes: tuple[Event, Event]) -> None:
    ftx, luna = crashes
    assert merge(frame(events=(ftx,)), frame(events=(luna,))).events == (luna,)
    assert merge(frame(events=(ftx,)), frame()).events == (ftx,)


def test_a_day_without_a_crash_is_not_asked_of_the_crash_before(crashes: tuple[Event, Event]) -> None:
    assert merge(frame(events=crashes[:1]), frame(period=Period(day="2025-01-07"))).events == ()


def test_side_unit_and_order_replace_and_are_inherited() -> None:
    before = frame(side="long", unit="dollars", by="venue", aggregate="max")
    assert merge(before, frame(side="short")).side == "short"
    assert merge(before, frame(unit="percent")).unit == "percent"
    assert merge(before, frame(by="asset")).by == "asset"
    assert merge(before, frame(aggregate="min")).aggregate == "min"
    inherited = merge(before, frame())
    assert (inherited.side, inherited.unit, inherited.by, inherited.aggregate) == ("long", "dollars", "venue", "max")


ENTITIES = GAZETTEER.entities("bitcoin ether binance aave tether grayscale sec the united states")


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Frames with any slots at all."""
    entities: list[Entity] = draw(st.lists(st.sampled_from(ENTITIES), unique_by=lambda one: one.id, max_size=4))
    windows = st.sampled_from([timedelta(hours=1), timedelta(days=7)])
    periods = st.one_of(
        st.just(Period()),
        windows.map(lambda window: Period(window=window)),
        st.sampled_from(["2025", "2025-10", "2025-10-10"]).map(lambda day: Period(day=day)),
    )
    sides: st.SearchStrategy[Side | None] = st.sampled_from([None, "long", "short"])
    units: st.SearchStrategy[Unit | None] = st.sampled_from([None, "percent", "dollars", "coins"])
    bys: st.SearchStrategy[By | None] = st.sampled_from([None, "event", "venue", "asset", "side"])
    made = frame(
        side=draw(sides), unit=draw(units), by=draw(bys), aggregate=draw(st.sampled_from(AGGREGATES)),
        period=draw(periods),
    )  # fmt: skip
    return replace(made, entities=tuple(entities))


@given(frames())
def test_a_turn_that_says_nothing_leaves_every_slot(before: Frame) -> None:
    merged = merge(before, frame("and?"))
    assert [getattr(merged, slot) for slot in SLOTS] == [getattr(before, slot) for slot in SLOTS]
    assert merged.words == "and?"


@given(frames(), frames())
def test_what_is_said_now_is_always_kept(before: Frame, after: Frame) -> None:
    merged = merge(before, after)
    assert {one.id for one in after.entities} <= ids(merged) <= {one.id for one in (*before.entities, *after.entities)}
    assert len(ids(merged)) == len(merged.entities)
    for slot in ("side", "unit", "by"):
        assert getattr(merged, slot) == (getattr(after, slot) or getattr(before, slot))


@given(frames(), frames())
def test_merging_twice_is_merging_once(before: Frame, after: Frame) -> None:
    once = merge(before, after)
    again = merge(before, once)
    assert [getattr(again, slot) for slot in SLOTS] == [getattr(once, slot) for slot in SLOTS]
