"""What Prometheus is given is what the reference lists: the same names, kinds and labels, and no others."""

from datetime import UTC, datetime
from typing import Literal

from prometheus_client.parser import text_string_to_metric_families

from market.feeds.states import FeedStatus
from rag.question import Question
from ui.app import App
from ui.series import SERIES
from ui.telemetry import Telemetry

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def feed(state: Literal["ok", "failing"]) -> FeedStatus:
    return FeedStatus(
        name="candles BTC",
        kind="candles",
        asset="BTC",
        source="OKX",
        state=state,
        latest=NOW,
        age_seconds=60,
        checked=NOW,
        error=None,
        malformed=0,
    )


def test_every_series_that_is_told_is_listed_and_every_listed_one_told(app: App) -> None:
    telemetry = Telemetry()
    telemetry.watch(lambda: 919, app.market.status, lambda: [feed("ok")])
    telemetry.requested("GET", "/v1/faq", 200, 0.01)
    with telemetry.answering("api") as answered:
        answered(app.ask(Question.ask("What is leverage?")))
    families = text_string_to_metric_families(telemetry.exposition().decode())
    told = {family.name: family for family in families if not family.name.endswith("_created")}
    assert {(family.name, family.type) for family in told.values()} == {
        (one.name.removesuffix("_total"), one.kind) for one in SERIES
    }
    for one in SERIES:
        for sample in told[one.name.removesuffix("_total")].samples:
            assert set(sample.labels) - {"le"} == set(one.labels), one.name
    assert told["market_pulse_feed_up"].samples[0].value == 1
