"""Makes the rows of the bundled tapes and writes them to a new store; the same tape gives the same rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from market import paths
from market.forced import ForcedCloses
from market.symbols import base_asset
from market.tables import TABLES, Kind
from market.tape import PricePath, Tape, bundled_tapes, load_tape

if TYPE_CHECKING:
    from market.store import AnyStore

Rows = Sequence[Mapping[str, object]]

_MINUTE = 60
_DAY = 86_400


def replay_moment() -> datetime:
    """Where the clock stands while the first tape to be replayed is."""
    return load_tape().replay_at


def replay_end(at: datetime) -> datetime | None:
    """Where a replay that stands at `at` ends: with the tape that holds the moment; None where no tape does."""
    return next((tape.ends for tape in bundled_tapes() if tape.begins <= at <= tape.ends), None)


def origin_note(source: str, kind: Kind) -> str | None:
    """What readings of `kind` from the tape named `source` say about it."""
    return next((tape.notes.get(kind) for tape in bundled_tapes() if tape.name == source), None)


def reconstructed(tape: Tape) -> Mapping[Kind, Rows]:
    """Every row of `tape`, by table. Times are UTC without a zone, as the store keeps them."""
    random = Random(tape.seed)  # noqa: S311 - reproducible on purpose
    minutes = {}
    shocks: dict[str, list[float]] = {}
    ticks: dict[str, list[float]] = {}
    count = int((tape.ends - tape.begins) / timedelta(minutes=1)) * paths.TICKS
    for path in tape.prices:
        own = paths.draws(count, random)
        shocks[path.asset] = paths.mixed(own, shocks[path.shares_swings_of]) if path.shares_swings_of else own
        ticks[path.asset] = paths.price_ticks(path, tape.begins, shocks[path.asset])
        minutes[path.asset] = paths.candles(ticks[path.asset], tape.begins, path.coins_per_minute, random)
    total = tape.market_cap
    totals = paths.market_cap_ticks(total, tape.begins, ticks[total.follows]) if total else []
    origin = {"mode": "reconstruction", "source": tape.name}
    return {
        "candles": [
            {**origin, **row} for path in tape.prices for row in (*_days(path), *_minutes(path, minutes[path.asset]))
        ],
        "liquidations": [
            {
                **origin,
                "asset": event.asset,
                "exchange": event.exchange,
                "symbol": f"{event.asset}USDT",
                "side": event.side,
                "ts_utc": event.at.replace(tzinfo=None),
                "price": event.price,
                "quantity": event.quantity,
                "usd": event.usd,
            }
            for event in ForcedCloses(tape, minutes, random).events()
        ],
        "market_cap": [
            {**origin, "ts_utc": (tape.begins + timedelta(minutes=n)).replace(tzinfo=None), "usd": round(usd, -6)}
            for n, usd in enumerate(totals[:: paths.TICKS])
        ],
        "sentiment": [
            {
                **origin,
                "ts_utc": datetime.combine(index.day, time(), UTC).replace(tzinfo=None),
                "value": index.value,
                "classification": index.classification,
            }
            for index in tape.sentiment
        ],
        "funding": [
            {
                **origin,
                "asset": base_asset(settled.symbol),
                "symbol": settled.symbol,
                "ts_utc": settled.at.replace(tzinfo=None),
                "funding_rate": settled.rate,
                "mark_price": settled.mark_price,
            }
            for settled in tape.funding
        ],
    }


def write_bundled_tapes(store: "AnyStore") -> None:
    """Writes every bundled tape in one transaction."""
    with store.staging() as staging:
        made = [reconstructed(tape) for tape in bundled_tapes()]
        for kind in TABLES:
            staging.merge_rows(kind, [row for tape in made for row in tape.get(kind, ())])


def _minutes(path: PricePath, minutes: Sequence[paths.Candle]) -> Rows:
    return [
        {
            "asset": path.asset,
            "symbol": path.symbol,
            "interval_seconds": _MINUTE,
            "ts_utc": candle.opens_at.replace(tzinfo=None),
            "open": candle.open,
            "high": candle.high,
            "low": candle.low,
            "close": candle.close,
            "volume": candle.volume,
        }
        for candle in minutes
    ]


def _days(path: PricePath) -> Rows:
    return [
        {
            "asset": path.asset,
            "symbol": path.symbol,
            "interval_seconds": _DAY,
            "ts_utc": datetime.combine(day.day, time()),
            "open": day.open,
            "high": day.high,
            "low": day.low,
            "close": day.close,
            "volume": day.volume,
        }
        for day in path.days
    ]
