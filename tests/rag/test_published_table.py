"""The table of published figures is asked by every aggregate and order; each number that is said has its receipt."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.figures import Event
from rag.evidence import Evidence
from rag.frame import Aggregate, By
from rag.published import FigureQuery, FigureTable
from rag.published.dimension import Dimension
from rag.published.query import Threshold
from rag.published.sentences import FigureSentences
from rag.published.verdict import verdict
from rag.verifying.numbers import unsupported_numbers
from ui.app import App


@pytest.fixture(scope="module")
def table(app: App) -> FigureTable:
    return FigureTable.of(tuple(app.library.events))


@pytest.fixture(scope="module")
def said(app: App, table: FigureTable) -> FigureSentences:
    return FigureSentences(table.guide, app.library.index.passage)


def _event(table: FigureTable, start: str) -> Event:
    return next(event for event in table.events if event.id.startswith(start))


def test_only_figures_that_may_be_shown_are_rows(table: FigureTable) -> None:
    shown = {id(figure) for event in table.events for figure in event.shown}
    assert all(row.figure is None or id(row.figure) in shown or row.figure in row.event.shown for row in table.rows)


def test_the_biggest_liquidation_day_is_that_of_october_2025(table: FigureTable) -> None:
    result = table.ask(FigureQuery(("liquidations",), aggregate="max"))
    assert [entry.best.event.id[:10] for entry in result.entries[:2]] == ["2025-10-10", "2021-04-18"]
    assert result.asked == len(table.events)


def test_what_is_of_one_venue_stands_outside_the_order(table: FigureTable) -> None:
    result = table.ask(FigureQuery(("liquidations",), aggregate="rank"))
    assert {entry.best.venue for entry in result.entries} == {None}
    assert [entry.best.venue for entry in result.apart] == ["BitMEX"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        (FigureQuery(("fall",), aggregate="rank"), "2020-03-12"),
        (FigureQuery(("fall",), aggregate="min", ascending=True), "2025-09-22"),
        (FigureQuery(("low",), aggregate="min", ascending=True), "2020-03-12"),
        (FigureQuery(("traders",), aggregate="max"), "2025-10-10"),
        (FigureQuery(("duration",), aggregate="max"), "2026-06_be"),
        (FigureQuery(("sentiment",), aggregate="max", ascending=True), "2022-06_ce"),
        (FigureQuery(("liquidations",), aggregate="max", period="2022"), "2022-05_te"),
        (FigureQuery(("market_value",), aggregate="max", unit="percent"), "2022-05_te"),
    ],
)
def test_an_order_begins_with(table: FigureTable, query: FigureQuery, first: str) -> None:
    assert table.ask(query).entries[0].best.event.id.startswith(first)


def test_crashes_above_a_number_are_counted(table: FigureTable) -> None:
    query = FigureQuery(("liquidations",), aggregate="count", threshold=Threshold("more", 5e9, "usd"))
    assert len(table.ask(query).entries) == 3


def test_coins_of_one_crash_are_compared(table: FigureTable) -> None:
    ftx = _event(table, "2022-11")
    result = table.ask(FigureQuery(("fall",), "max", events=(ftx,), assets=("ETH", "BTC"), degree="more"))
    assert [entry.best.asset for entry in result.entries] == ["ETH", "BTC"]
    assert verdict("did eth drop more than btc", (ftx,), result, table.guide) is True


def test_a_coin_without_a_figure_is_missing_and_nothing_stands_in(table: FigureTable) -> None:
    terra = _event(table, "2022-05")
    result = table.ask(FigureQuery(("fall",), "max", events=(terra,), assets=("ETH", "BTC"), degree="more"))
    assert [gap.asset for gap in result.missing] == ["BTC"]
    assert verdict("did eth drop more than btc", (terra,), result, table.guide) is None


def test_venues_are_read_from_their_own_figures(table: FigureTable) -> None:
    october = _event(table, "2025-10")
    named = table.ask(FigureQuery(("liquidations",), events=(october,), venues=("Hyperliquid",)))
    assert [entry.best.value for entry in named.entries] == [1e10]
    assert not table.ask(FigureQuery(("liquidations",), events=(october,), venues=("Binance",))).entries


def test_sources_that_differ_are_said_as_a_range(table: FigureTable, said: FigureSentences) -> None:
    terra = _event(table, "2022-05")
    text = said.paragraphs(table.ask(FigureQuery(("liquidations",), events=(terra,))))[0][0].text
    assert "run from 1.1 billion USD to 1.2 billion USD" in text


def test_shorts_are_what_longs_leave(table: FigureTable, said: FigureSentences) -> None:
    yen = _event(table, "2024-08")
    text = said.paragraphs(table.ask(FigureQuery(("longs_share",), "share", events=(yen,), side="short")))[0][0].text
    assert "shorts made up 14.9%" in text


def test_a_difference_shows_how_it_is_worked_out(table: FigureTable, said: FigureSentences) -> None:
    pair = (_event(table, "2025-10"), _event(table, "2021-04"))
    first = said.paragraphs(table.ask(FigureQuery(("liquidations",), "difference", events=pair)))[0][0]
    assert first.text.startswith("The difference for liquidations over 24 hours is 9.22 billion USD")
    assert "19.16 billion USD - 9.94 billion USD = 9.22 billion USD" in first.evidence[0].text


def test_the_days_of_a_crash_are_said_from_its_record(table: FigureTable, said: FigureSentences) -> None:
    ftx = (_event(table, "2022-11"),)
    assert said.paragraphs(table.ask(FigureQuery(("start",), "when", events=ftx)))[0][0].text == (
        "The FTX collapse ran from 8 to 10 November 2022."
    )
    assert "lasted 3 days" in said.paragraphs(table.ask(FigureQuery(("duration",), "duration", events=ftx)))[0][0].text


@given(
    dimension=st.sampled_from(get_args(Dimension)),
    aggregate=st.sampled_from(get_args(Aggregate)),
    by=st.sampled_from(get_args(By)),
    ascending=st.booleans(),
    events=st.sets(st.integers(0, 22), max_size=3),
)
def test_an_order_is_ordered_and_every_number_has_its_receipt(
    table: FigureTable,
    said: FigureSentences,
    dimension: Dimension,
    aggregate: Aggregate,
    by: By,
    ascending: bool,
    events: set[int],
) -> None:
    chosen = tuple(table.events[n] for n in sorted(events))
    result = table.ask(FigureQuery((dimension,), aggregate, by, events=chosen, ascending=ascending))
    if aggregate in {"max", "min", "rank", "difference", "count"}:
        values = [entry.best.value for entry in result.entries]
        assert all((one <= other) if ascending else (one >= other) for one, other in pairwise(values))
    assert len({(entry.best.asset, entry.best.unit) for entry in result.entries}) <= 1 or by in {"venue", "asset"}
    claims = [claim for paragraph in said.paragraphs(result) for claim in paragraph]
    assert [(claim.text, _unsupported(claim.text, claim.evidence)) for claim in claims if _unsupported(
        claim.text, claim.evidence)] == []  # fmt: skip


def _unsupported(text: str, evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    return unsupported_numbers(text, evidence)
