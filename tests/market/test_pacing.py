"""Rates, baselines, venues and cascades of liquidations against pandas, and what always holds of them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market.errors import NoData
from market.importing import ImportSummary, import_file
from market.market import Market
from market.tables import Kind, table
from tests.market.conftest import Row, Write
from tests.market.rows import START, liquidation

Load = Callable[[Kind, Sequence[Row]], ImportSummary]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AS_OFS = [datetime.fromisoformat(f"2025-11-{at}+00:00") for at in ("05T00:00", "04T22:17:31.500000", "05T09:30")]
EXAMPLES = count()


@pytest.fixture(scope="module")
def events(replayed: Market) -> pd.DataFrame:
    """The liquidations of the reconstruction."""
    rows = replayed.store.rows("all liquidations", lambda: table("liquidations"), {})
    frame = pd.DataFrame(rows)
    return frame.assign(ts_utc=pd.to_datetime(frame.ts_utc, utc=True)).sort_values("ts_utc")


@pytest.mark.parametrize("asset", [None, "BTC", "SOL"])
@pytest.mark.parametrize("window", [DAY, 7 * HOUR], ids=str)
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_rates_of_the_reconstruction(
    replayed: Market, events: pd.DataFrame, asset: str | None, window: timedelta, as_of: datetime
) -> None:
    rows = events[(events.ts_utc > as_of - window) & (events.ts_utc <= as_of)]
    rows = rows if asset is None else rows[rows.asset == asset]
    hours = rows.groupby(rows.ts_utc.dt.floor("h")).usd.sum()
    back = (as_of - rows.ts_utc).dt.total_seconds().floordiv(3_600).astype(int)
    counted = rows.groupby(back).usd.sum()
    baseline = counted.reindex(range(1, int(counted.index.max()) + 1), fill_value=0.0)
    sides = rows.groupby("side").usd.sum()
    venues = rows.groupby("exchange").usd.sum()
    expected = {
        "liquidations_per_hour": rows.usd.sum() / (window / HOUR),
        "liquidations_largest_hour": hours.max(),
        "liquidations_zscore": (counted.get(0, 0.0) - baseline.mean()) / baseline.std(ddof=1),
        "liquidations_imbalance": (sides.get("long", 0) - sides.get("short", 0)) / sides.sum(),
        "liquidations_at_venue": venues.max(),
    }
    for name, value in expected.items():
        reading = replayed.read(name, asset, window, as_of)
        assert reading.value == pytest.approx(value, rel=1e-9), name
        assert reading.sample_size == len(rows)
    # The quiet hours of the tape are alike to the cent.
    largest = [hour for hour, usd in hours.items() if usd > hours.max() - 0.02]
    said = replayed.read("liquidations_largest_hour", asset, window, as_of).formula
    assert any(f"in the hour from {hour:%Y-%m-%dT%H:%MZ}" in said for hour in largest)
    for venue, usd in venues.items():
        one = replayed.read("liquidations_at_venue", asset, window, as_of, {"venue": str(venue).lower()})
        assert one.value == pytest.approx(usd, rel=1e-9)


@pytest.mark.parametrize("times", ["2", "3", "6"])
@pytest.mark.parametrize("as_of", AS_OFS, ids=str)
def test_cascades_of_the_reconstruction(replayed: Market, events: pd.DataFrame, as_of: datetime, times: str) -> None:
    rows = events[(events.ts_utc > as_of - DAY) & (events.ts_utc <= as_of)]
    minutes = rows.groupby(rows.ts_utc.dt.floor("min")).usd.sum()
    hot = minutes[minutes >= float(times) * rows.usd.sum() / (24 * 60)].index.to_series()
    runs = [list(run) for _, run in hot.groupby((hot.diff() > pd.Timedelta("11min")).cumsum()) if len(run) >= 3]
    params = {"times": times}
    assert replayed.read("cascades", None, DAY, as_of, params).value == len(runs)
    if not runs:
        with pytest.raises(NoData, match="meets the definition of a cascade"):
            replayed.read("cascade_largest", None, DAY, as_of, params)
        return
    inside = [rows[(rows.ts_utc >= run[0]) & (rows.ts_utc < run[-1] + pd.Timedelta("1min"))] for run in runs]
    best = max(inside, key=lambda one: one.usd.sum())
    reading = replayed.read("cascade_largest", None, DAY, as_of, params)
    assert reading.value == pytest.approx(best.usd.sum(), rel=1e-9)
    prices = best[best.asset == "BTC"].price
    assert f"BTC moved {prices.iloc[-1] / prices.iloc[0] - 1:.2%}" in reading.formula
    assert f"{len(runs)} cascades in the window" in reading.formula


def test_a_cascade_by_hand(load: Load, market: Market) -> None:
    quiet = [liquidation(minute + 0.5, "long", 10.0) for minute in range(0, 600, 5)]
    wave = [liquidation(minute + 0.25, "long", 2_000.0) for minute in (100, 101, 102, 110, 111)]
    late = [liquidation(minute + 0.25, "short", 2_000.0) for minute in (400, 402, 403)]
    single = [liquidation(500.25, "long", 9_000.0)]
    load("liquidations", [*quiet, *wave, *late, *single])
    reading = market.read("cascade_largest", "BTC", 10 * HOUR, START + 10 * HOUR)
    # The quiet ones of minutes 100, 105 and 110 lie within it.
    assert reading.value == 5 * 2_000 + 3 * 10
    assert "from 2026-03-01T01:40Z to 2026-03-01T01:52Z" in reading.formula
    assert market.read("cascades", "BTC", 10 * HOUR, START + 10 * HOUR).value == 2


def test_a_day_without_a_cascade_counts_none(load: Load, market: Market) -> None:
    load("liquidations", [liquidation(minute, "long", 10.0) for minute in range(1, 60)])
    assert market.read("cascades", None, HOUR, START + HOUR).value == 0
    with pytest.raises(NoData, match="no run of minutes"):
        market.read("cascade_largest", None, HOUR, START + HOUR)


def test_without_a_baseline_there_is_no_z_score(load: Load, market: Market) -> None:
    load("liquidations", [liquidation(minute, "long", 10.0) for minute in (10, 70, 130, 190)])
    with pytest.raises(NoData, match="nothing to measure it by"):
        market.read("liquidations_zscore", None, 4 * HOUR, START + 4 * HOUR)


def test_a_venue_that_is_not_there_is_no_reading(replayed: Market) -> None:
    with pytest.raises(NoData, match="none at that venue"):
        replayed.read("liquidations_at_venue", params={"venue": "'; DROP TABLE liquidations; --"})


def test_a_day_is_held_against_the_day_before(replayed: Market, events: pd.DataFrame) -> None:
    end = AS_OFS[0]
    now = events[(events.ts_utc > end - DAY) & (events.ts_utc <= end)].usd.sum()
    then = events[(events.ts_utc > end - 2 * DAY) & (events.ts_utc <= end - DAY)].usd.sum()
    assert replayed.read("liquidations_compared").value == pytest.approx(now / then, rel=1e-9)
    early = replayed.read("liquidations_compared", as_of=end - timedelta(hours=20))
    assert "stored rows begin after the other window does" in early.completeness


drawn_events = st.lists(
    st.tuples(
        st.integers(1, 719),
        st.sampled_from(["long", "short"]),
        st.floats(0.01, 1e8).map(lambda usd: round(usd, 2)),
        st.sampled_from(["BTC", "ETH"]),
        st.sampled_from(["Bybit", "OKX", "Binance"]),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda event: (event[0], event[2]),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=drawn_events)
def test_parts_never_exceed_the_whole(
    drawn: list[tuple[int, str, float, str, str]], market: Market, write: Write
) -> None:
    rows = [liquidation(minute, side, usd, f"{asset}USDT", venue) for minute, side, usd, asset, venue in drawn]
    source = f"example {next(EXAMPLES)}"
    import_file(market.store, write("any.csv", rows), "liquidations", source)
    end, window = START + 12 * HOUR, 12 * HOUR

    def value(name: str, **params: str) -> float:
        return float(market.read(name, None, window, end, {"source": source, **params}).value)

    total = value("liquidations_total")
    at_venues = sum(value("liquidations_at_venue", venue=venue) for venue in {event[4] for event in drawn})
    assert at_venues == pytest.approx(total, abs=0.05)
    assert value("liquidations_largest") - 0.01 <= value("liquidations_largest_hour") <= total + 0.01
    assert value("liquidations_per_hour") <= value("liquidations_largest_hour") + 0.01
    assert -1 <= value("liquidations_imbalance") <= 1
    assert value("liquidations_imbalance") == pytest.approx(2 * value("long_share") - 1, abs=1e-6)
    found = value("cascades")
    assert found == int(found) >= 0
    if found:
        assert value("cascade_largest") <= total + 0.01
