"""How fast the market room is: importing, one reading of each kind, and the dashboard's set, as liquidations grow.

    python -m bench.market 100000 1000000 10000000

Liquidations come at a steady 33,333 a day, so that ten times the rows reach ten times as far back; readings look back
24 hours. Each time is the best of twenty, every one as of another second, so that nothing is remembered from the last;
beside it stands the processor's time, which other programs on the machine disturb less.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from market.dashboard import dashboard
from market.errors import MarketError
from market.importing import import_file
from market.market import STORE_FILE, Market, open_store
from market.plan import Wanted
from market.settings import MarketSettings
from market.store import Store

SIZES = (100_000, 1_000_000, 10_000_000)

_END = datetime(2026, 11, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_IMPORTED = 500_000
_TIMES = 20

_LIQUIDATIONS = """
INSERT INTO liquidations (mode, source, asset, exchange, symbol, side, ts_utc, price, quantity, usd)
SELECT 'imported', 'bench', asset, exchange, asset || 'USDT', side, known, 100.0, size, 100.0 * size FROM (
    SELECT ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE'][1 + n % 5] AS asset, ['Binance', 'Bybit', 'OKX'][1 + n % 3] AS exchange,
           CASE WHEN hash(n) % 10 < 7 THEN 'long' ELSE 'short' END AS side,
           -- Every tenth hour sees ten times as much, so that there are cascades to be found.
           (1 + hash(n, 1) % 1000) * CASE WHEN (n // 1389) % 10 = 0 THEN 10.0 ELSE 1.0 END AS size,
           TIMESTAMP '2026-11-01' - to_microseconds((n * 2592000)::BIGINT) AS known
    FROM range({rows}) numbers(n))
ORDER BY known
"""

# Thirty days of minutes around a slow wave, and what belongs beside them.
_BESIDE = """
INSERT INTO candles (mode, source, asset, symbol, interval_seconds, ts_utc, open, high, low, close, volume)
SELECT 'imported', 'bench', 'BTC', 'BTCUSDT', 60, TIMESTAMP '2026-11-01' - to_minutes(n::INT), p, p * 1.001, p * 0.999,
       p * (1 + 0.0005 * sin(n)), 5.0
FROM (SELECT n, 100000.0 * (1 + 0.1 * sin(n / 700.0)) AS p FROM range(1, 43201) numbers(n)) ORDER BY n DESC;
INSERT INTO market_cap SELECT 'imported', 'bench', ts_utc, close * 34e6 FROM candles WHERE source = 'bench';
INSERT INTO funding SELECT 'imported', 'bench', 'BTC', 'BTCUSDT', TIMESTAMP '2026-11-01' - to_hours((8 * n)::INT),
       0.0001, 100000.0 FROM range(90) numbers(n) ORDER BY n DESC;
INSERT INTO open_interest SELECT 'imported', 'bench', 'BTC', 'BTCUSDT',
       TIMESTAMP '2026-11-01' - to_minutes((5 * n)::INT), 90000.0 - n, 9e9 - n
FROM range(8640) numbers(n) ORDER BY n DESC;
INSERT INTO sentiment SELECT 'imported', 'bench', TIMESTAMP '2026-11-01' - to_days(n::INT), 40.0, 'Fear'
FROM range(90) numbers(n) ORDER BY n DESC
"""


def market_speed(sizes: tuple[int, ...] = SIZES) -> Iterator[tuple[str, str]]:
    """Rows imported in a second, then for each size the slowest readings and the whole set."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        Store.open(Path(folder) / STORE_FILE).close()
        yield "first opening of the market store", f"{time.perf_counter() - start:.1f} s"
        yield "import of liquidations from CSV, rows per second", f"{_import_rate(Path(folder)):,.0f}"
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            market = _filled(Path(folder), size)
            yield from _readings(market, size)
            market.close()


def _import_rate(home: Path) -> float:
    path = home / "liquidations.csv"
    with path.open("w") as file:
        file.write("ts_utc,exchange,symbol,side,price,quantity,usd\n")
        for number in range(_IMPORTED):
            at = _END - timedelta(milliseconds=2_592 * (_IMPORTED - number))
            file.write(
                f"{at:%Y-%m-%dT%H:%M:%S.%f}Z,Bybit,BTCUSDT,long,100.5,{1 + number % 97},{100.5 * (1 + number % 97)}\n"
            )
    store = open_store(home, MarketSettings(), read_only=False)
    start = time.perf_counter()
    import_file(store, path, "liquidations", "bench")
    taken = time.perf_counter() - start
    store.close()
    return _IMPORTED / taken


def _filled(home: Path, size: int) -> Market:
    with Store.open(home / STORE_FILE, read_only=False) as store, store.writing() as connection:
        connection.execute(_LIQUIDATIONS.format(rows=size))
        connection.execute(_BESIDE)
    return Market.open(home, MarketSettings())


def _readings(market: Market, size: int) -> Iterator[tuple[str, str]]:
    after = _best(market.status, 1)
    yield f"{size:,} liquidations: first look at what there is", after
    for name, metric in market.metrics().items():
        if metric.table == "liquidations":
            yield f"  {name}", _best(_asking(market, Wanted(name, window=_DAY)))
    wanted = dashboard(None, _DAY)
    each = [_asking(market, one) for one in wanted]
    yield f"  a dashboard of {len(wanted)} readings, one by one", _best(lambda at: [ask(at) for ask in each])
    yield f"  a dashboard of {len(wanted)} readings in one call", _best(lambda at: market.readings(wanted, at))


def _asking(market: Market, wanted: Wanted) -> Callable[[datetime], MarketError | None]:
    def ask(at: datetime) -> MarketError | None:
        try:
            market.read(wanted.name, wanted.asset, wanted.window, at)
        except MarketError as error:
            # Before the first day there is no other window to hold against; asking took its time all the same.
            return error
        return None

    return ask


def _best(ask: Callable[[datetime], object], times: int = _TIMES) -> str:
    taken, worked = [], []
    for number in range(times):
        at = _END - timedelta(seconds=number)
        start, began = time.perf_counter(), time.process_time()
        ask(at)
        taken.append((time.perf_counter() - start) * 1_000)
        worked.append((time.process_time() - began) * 1_000)
    return f"{min(taken):.1f} ms (processor {min(worked):.1f} ms)"


def main() -> None:
    print(f"{os.cpu_count()} cores")
    for name, value in market_speed(tuple(map(int, sys.argv[1:])) or SIZES):
        print(f"{name:<58} {value}", flush=True)


if __name__ == "__main__":
    main()
