"""`market-pulse market` imports whole files, reads metrics, and says in one line what is wrong."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.ui.conftest import COMMAND, Done
from ui.cli import main

Pulse = Callable[..., Done]


@pytest.fixture(scope="module")
def market_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the tests that only read."""
    return tmp_path_factory.mktemp("market") / "home"


@pytest.fixture
def pulse(market_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pulse:
    """Runs `market-pulse market` in this process, over a home without an index: none is needed."""

    def runs(*words: str, at: Path = market_home) -> Done:
        return entered(["--home", str(at), "market", *words], capsys, monkeypatch)

    return runs


def entered(words: Sequence[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Done:
    """What the console script leaves behind when it is run with `words`."""
    capsys.readouterr()
    monkeypatch.setattr(sys, "argv", [COMMAND, *words])
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    streams = capsys.readouterr()
    return Done(code, streams.out, streams.err)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "venue-x.csv"
    path.write_text(
        "ts_utc,symbol,open,high,low,close,volume\n"
        "2026-03-01T00:00:00Z,BTCUSDT,100,102,99,101,5\n"
        "2026-03-01T00:05:00Z,BTCUSDT,101,103,90,95,7\n"
        "2026-03-01T00:10:00Z,BTCUSDT,95,99,94,98,6\n"
    )
    return path


def test_a_reading_is_printed_as_the_contract_says(pulse: Pulse) -> None:
    done = pulse("metrics", "liquidations_total", "--window", "24h", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    reading = json.loads(done.stdout)
    contract = "metric value unit asset window as_of source mode sample_size completeness formula"
    assert list(reading) == contract.split()
    assert reading["value"] == pytest.approx(1.3e9, rel=0.02)
    assert (reading["as_of"], reading["mode"], reading["asset"]) == ("2025-11-05T00:00:00Z", "reconstruction", "ALL")


def test_a_reading_for_people_states_what_it_stands_on(pulse: Pulse) -> None:
    told = pulse("metrics", "price").stdout
    assert told.startswith("Price, BTC: 101,500 USD\n")
    assert "as of        2025-11-05T00:00:00Z" in told
    assert "reconstruction of 4 November 2025" in told


def test_every_metric_is_listed(pulse: Pulse) -> None:
    rows = json.loads(pulse("metrics", "--json").stdout)
    names = [row["name"] for row in rows]
    assert {"price", "max_drawdown", "liquidations_total", "fear_greed"} <= set(names)
    assert all(row["description"] and row["formula"] and row["examples"] for row in rows)
    listed = pulse("metrics").stdout
    assert [line.split()[0] for line in listed.splitlines()] == names


def test_parameters_and_as_of_are_taken(pulse: Pulse) -> None:
    words = ("metrics", "distance_to_level", "--asset", "BTC", "--as-of", "2025-11-04T22:00:00Z")
    reading = json.loads(pulse(*words, "--param", "level=95000", "--json").stdout)
    assert reading["as_of"] == "2025-11-04T22:00:00Z"
    assert reading["value"] == pytest.approx(95_000 / 100_310 - 1, rel=1e-9)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("metrics", "vibes"), 1, "Error: there is no metric 'vibes'; choose one of: all_time_high, "),
        (("metrics", "price", "--asset", "NOPE"), 1, "Error: the store holds nothing of 'NOPE'; choose one of: ADA, "),
        (("metrics", "price", "--as-of", "2020-01-01T00:00:00Z"), 1, "Error: no reading of price as of 2020-01-01"),
        (("metrics", "price", "--param", "level=1"), 1, "Error: price takes no parameter 'level'"),
        (("import", "nothing.csv", "--kind", "candles"), 1, "Error: nothing.csv: there is no such file"),
    ],
)
def test_what_fails_is_told_in_one_line(words: tuple[str, ...], code: int, message: str, pulse: Pulse) -> None:
    done = pulse(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("metrics", "price", "--window", "soon"),
        ("metrics", "price", "--as-of", "soon"),
        ("metrics", "price", "--as-of", "2025-11-05T00:00:00"),
        ("metrics", "price", "--as-of", "1762290000"),
        ("metrics", "price", "--param", "level"),
        ("import", "x.csv"),
        ("import", "x.csv", "--kind", "songs"),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_with_two(words: tuple[str, ...], pulse: Pulse) -> None:
    assert pulse(*words).returncode == 2


def test_an_import_is_summed_up_and_then_read(pulse: Pulse, csv: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = pulse("import", str(csv), "--kind", "candles", at=home)
    assert done.returncode == 0
    assert "3 rows of BTC, 5-minute candles" in done.stdout
    assert "3 new, 0 updated, 0 already there" in done.stdout
    again = json.loads(pulse("import", str(csv), "--kind", "candles", "--json", at=home).stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 3)
    reading = json.loads(pulse("metrics", "max_drawdown", "--window", "15m", "--json", at=home).stdout)
    assert (reading["source"], reading["mode"]) == ("venue-x", "imported")
    assert reading["value"] == pytest.approx(1 - 95 / 101)


def test_a_refused_import_names_the_place_and_keeps_nothing(pulse: Pulse, csv: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    csv.write_text(csv.read_text().replace("101,103,90,95,7", "101,103,90,none,7"))
    done = pulse("import", str(csv), "--kind", "candles", at=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Error: {csv}:3: column 'close': 'none' is not a number" in done.stderr
    assert json.loads(pulse("metrics", "price", "--json", at=home).stdout)["mode"] == "reconstruction"


def test_the_drawdown_of_the_crash_equals_an_independent_computation(
    pulse: Pulse, tmp_path: Path, shared: Path
) -> None:
    path = shared / "data" / "binance_spot_5m_BTC_ETH_crash_windows_2025.csv"
    home = tmp_path / "home"
    assert pulse("import", str(path), "--kind", "candles", at=home).returncode == 0
    words = ("--asset", "BTC", "--window", "24h", "--as-of", "2025-11-05T00:00:00Z", "--json")
    reading = json.loads(pulse("metrics", "max_drawdown", *words, at=home).stdout)
    frame = pd.read_csv(path, parse_dates=["ts_utc"]).query("symbol == 'BTCUSDT'")
    closed = frame.ts_utc + pd.Timedelta("5min")
    day = frame.close[(closed > pd.Timestamp("2025-11-04T00Z")) & (closed <= pd.Timestamp("2025-11-05T00Z"))]
    assert abs(reading["value"] - (1 - day / day.cummax()).max()) < 1e-12
    assert reading["sample_size"] == len(day)


def test_old_fine_candles_are_compacted_by_setting(
    pulse: Pulse, csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    rest = "".join(f"2026-03-01T00:{minute}:00Z,BTCUSDT,98,99,94,97,1\n" for minute in range(15, 60, 5))
    csv.write_text(csv.read_text() + rest)
    assert pulse("import", str(csv), "--kind", "candles", at=home).returncode == 0
    refused = pulse("compact", at=home)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "set MARKET_PULSE_MARKET_COMPACT_AFTER" in refused.stderr
    monkeypatch.setenv("MARKET_PULSE_MARKET_COMPACT_AFTER", "P30D")
    tried = pulse("compact", "--dry-run", at=home).stdout
    assert tried.startswith("dry run, nothing was changed: 1 hourly candles made, 12 finer")
    done = json.loads(pulse("compact", "--json", at=home).stdout)
    assert (done["made"], done["removed"]) == (1, 12)
    low = json.loads(pulse("metrics", "window_low", "--window", "1h", "--json", at=home).stdout)
    assert (low["value"], low["completeness"]) == (90, "all 1 1-hour candles of the window are present")
