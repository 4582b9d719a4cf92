"""Questions about published figures are answered first, with the gap named where nobody publishes what is asked."""

import pytest

from rag.examples import Examples
from rag.frame import Aggregate, By, Kind, Route, Side, Unit
from rag.published import FigureTable, PublishedAnswerer, QueryReader, StatementChecker
from rag.published.grammar import aggregate_of, by_of, side_of, unit_of
from rag.reply import Reply
from tests.rag.frames import Frames
from ui.app import App


@pytest.fixture(scope="module")
def frames(app: App) -> Frames:
    return Frames(tuple(app.library.events), app.library.index.embedder)


@pytest.fixture(scope="module")
def answerer(app: App, tmp_path_factory: pytest.TempPathFactory) -> PublishedAnswerer:
    table, embedder = FigureTable.of(tuple(app.library.events)), app.library.index.embedder
    cache = tmp_path_factory.mktemp("published")
    reader = QueryReader(Examples(table.guide.examples(), embedder, cache), table, embedder)
    return PublishedAnswerer(table, reader, StatementChecker(table, embedder, cache), app.library.index.passage)


def _reply(
    answerer: PublishedAnswerer,
    frames: Frames,
    text: str,
    route: Route = "published",
    kind: Kind = "figure",
    *,
    yes_no: float = 0.0,
) -> Reply | None:
    return answerer.answer(frames(text, route, kind, yes_no=yes_no), ())


@pytest.mark.parametrize(
    ("text", "route", "begins"),
    [
        ("rank the crashes by how far bitcoin fell", "rank", "The Black Thursday crash of March 2020 had the highest"),
        ("biggest liquidation day ever", "rank", "The 10-11 October 2025 record cascade had the highest"),
        ("how long did the FTX collapse last", "published", "The FTX collapse lasted 3 days"),
        ("when was the FTX collapse", "published", "The FTX collapse ran from 8 to 10 November 2022"),
        (
            "share that were longs on 10 october 2025",
            "published",
            "In the 10-11 October 2025 record cascade, longs made",
        ),
        ("difference between the FTX collapse and 10 October 2025 in liquidations", "rank", "The difference for"),
        ("how low did btc go in the luna crash", "published", "In the Terra / LUNA collapse, bitcoin fell as low as"),
        ("how much did luna fall in the terra collapse", "published", "In the Terra / LUNA collapse, LUNA fell 96%"),
        ("longs or shorts hit harder in the yen carry unwind", "published", "In the August 2024 yen carry-trade"),
        ("which crash lasted the longest", "rank", "The longest was the June 2026 sell-offs"),
    ],
)
def test_what_is_asked_comes_first(
    text: str, route: Route, begins: str, answerer: PublishedAnswerer, frames: Frames
) -> None:
    reply = _reply(answerer, frames, text, route)
    assert reply is not None
    assert (reply.answered, reply.paragraphs[0][0].text[: len(begins)]) == (True, begins)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("did eth drop more than btc in the FTX collapse", "Yes: "),
        ("was october 2025 crash the biggest liquidation day ever?", "Yes: "),
        ("was the FTX collapse the biggest liquidation day ever?", "No: "),
        ("did bitcoin fall more than 50% on Black Thursday?", "Yes: "),
        ("did bitcoin fall more than 60% on Black Thursday?", "No: "),
        ("was it 19 billion liquidated on oct 10 2025, that the real number?", "Yes: "),
        ("why did FTX collapse in October 2025?", "No: the FTX collapse ran from 8 to 10 November 2022"),
        ("bitcoin fell 80% on 10 october 2025", "No: "),
    ],
)
def test_a_yes_or_no_leads_where_the_table_decides(
    text: str, begins: str, answerer: PublishedAnswerer, frames: Frames
) -> None:
    reply = _reply(answerer, frames, text, yes_no=1.0)
    assert reply is not None
    assert reply.paragraphs[0][0].text.startswith(begins)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (
            "how many traders were liquidated in the 100k flash crash",
            "how many traders were liquidated in the 5 December 2024 flash crash",
        ),
        ("how much did SOL fall in the FTX collapse", "how far SOL fell in the FTX collapse"),
        (
            "how much was liquidated on binance on 10 october 2025",
            "how much was liquidated on Binance in the 10-11 October 2025 record cascade",
        ),
        (
            "which venue had most liquidations on 10 October",
            "liquidations of more than one venue in the 10-11 October 2025 record cascade",
        ),
    ],
)
def test_what_nobody_publishes_is_named_and_nothing_stands_in(
    text: str, missing: str, answerer: PublishedAnswerer, frames: Frames
) -> None:
    reply = _reply(answerer, frames, text)
    assert reply is not None
    assert reply.gap is not None
    assert (reply.answered, reply.gap.reason, reply.gap.missing) == (False, "not_published", (missing,))


def test_a_crash_that_is_not_named_is_ambiguous(answerer: PublishedAnswerer, frames: Frames) -> None:
    reply = _reply(answerer, frames, "how much was liquidated")
    assert reply is not None
    assert reply.gap is not None
    assert (reply.gap.reason, len(reply.gap.choices)) == ("ambiguous", 3)


@pytest.mark.parametrize(
    "text",
    [
        "when did ftx file for bankruptcy",
        "what was the biggest exchange hack",
        "How long was the prison sentence of Alex Mashinsky?",
        "how long was bitmex offline on 13 march 2020",
    ],
)
def test_what_no_figure_holds_is_left_to_the_passages(text: str, answerer: PublishedAnswerer, frames: Frames) -> None:
    assert _reply(answerer, frames, text) is None


@pytest.mark.parametrize(("kind", "says"), [("cause", "Alameda"), ("consequence", "spread to crypto lenders")])
def test_a_crash_as_a_whole_is_told_with_what_was_asked_first(
    kind: Kind, says: str, answerer: PublishedAnswerer, frames: Frames
) -> None:
    text = {"cause": "what caused the FTX collapse", "consequence": "what happened after the FTX collapse"}[kind]
    reply = _reply(answerer, frames, text, "explain", kind)
    assert reply is not None
    assert any(says in claim.text for claim in reply.paragraphs[0])


@pytest.mark.parametrize(
    ("text", "aggregate", "by", "side", "unit"),
    [
        ("top 3 liquidation days", "rank", "event", None, None),
        ("which exchange had the most liquidations", "max", "venue", None, None),
        ("fewest traders liquidated", "min", None, None, None),
        ("by how many percent did bitcoin fall", "value", None, None, "percent"),
        ("how many dollars of shorts were liquidated", "value", None, "short", "dollars"),
        ("longs or shorts, who was hit harder?", "max", "side", None, None),
        ("how many crashes had more than 2 billion liquidated", "count", None, None, None),
        ("how much more was liquidated in FTX than in Terra", "difference", None, None, None),
        ("what share of it were longs", "share", None, "long", None),
        ("which coin fell the most", "max", "asset", None, None),
        ("when btc fell 20% on black thursday, how many traders were liquidated", "value", None, None, None),
        ("what day was it", "when", "event", None, None),
        ("open interest in the crash", "value", None, None, None),
    ],
)
def test_grammar_says_what_is_wanted(
    text: str, aggregate: Aggregate, by: By | None, side: Side | None, unit: Unit | None
) -> None:
    assert (aggregate_of(text), by_of(text), side_of(text), unit_of(text)) == (aggregate, by, side, unit)


@pytest.mark.parametrize(
    "text", ["which exchange had the most liquidations on 19 May 2021", "biggest liquidation day in 2014"]
)
def test_no_reply_is_empty(text: str, answerer: PublishedAnswerer, frames: Frames) -> None:
    reply = _reply(answerer, frames, text, "rank")
    assert reply is None or (reply.paragraphs and reply.gap is not None)
