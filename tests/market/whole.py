"""A market that holds every kind of data, so that every metric of the registry has a reading."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from market.importing import ImportSummary, import_file
from market.store import AnyStore
from market.tables import Kind
from tests.market.rows import iso

REAL: tuple[tuple[str, Kind], ...] = (
    ("binance_spot_5m_BTC_ETH_crash_windows_2025", "candles"),
    ("binance_usdm_perp_5m_BTC_ETH_crash_windows_2025", "candles"),
    ("binance_usdm_funding_8h_BTC_ETH_2019-09_2026-01-27", "funding"),
    ("fear_greed_daily_2018-02-01_2026-01-27", "sentiment"),
)
"""Files of real data."""


def fill(store: AnyStore, shared: Path, scratch: Path) -> list[ImportSummary]:
    """Imports the real files, and open interest, of which there is no long real file."""
    path = scratch / "open-interest.csv"
    path.write_text("\n".join(["ts_utc,symbol,open_interest_coins,open_interest_usd", *_open_interest()]) + "\n")
    files = [(shared / "data" / f"{name}.csv", kind) for name, kind in REAL]
    return [import_file(store, file, kind) for file, kind in [*files, (path, "open_interest")]]


def _open_interest() -> list[str]:
    """Five-minute samples around both crashes."""
    lines = []
    for begins in (datetime(2025, 10, 9, tzinfo=UTC), datetime(2025, 11, 3, tzinfo=UTC)):
        for number in range(3 * 288):
            for symbol, coins in (("BTCUSDT", 90_000), ("ETHUSDT", 2_000_000)):
                held = coins * (1 - 0.0001 * number) + 37 * (number % 11)
                at = iso(begins + number * timedelta(minutes=5))
                lines.append(f"{at},{symbol},{held:.3f},{held * (100_000 if symbol == 'BTCUSDT' else 3_400):.2f}")
    return lines
