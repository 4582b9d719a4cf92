"""Makes hourly candles of finer ones, and removes those finer ones that are old: what they said of the hour stays.

Only whole hours are touched: an hour with a candle missing keeps what it has, so that no hourly candle pretends to more
than there was. Liquidations are kept row by row, because the largest of them, their number and cascades cannot be told
from sums; the bundled reconstruction is kept as it is.
"""

# ruff: noqa: S608 - names come from the declared tables, the moment is written by us

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from market.series import stored
from market.store import AnyStore
from market.writing import Connection, first_row

_WHOLE_HOURS = """
CREATE TEMP TABLE whole_hours AS
SELECT mode, source, min(asset) AS asset, symbol, interval_seconds, date_trunc('hour', ts_utc) AS hour,
       max(ts_utc) AS last_at, max(high) AS high, min(low) AS low,
       CASE WHEN count(volume) = count(*) THEN sum(volume) END AS volume
FROM candles
WHERE interval_seconds < 3600 AND 3600 % interval_seconds = 0 AND mode <> 'reconstruction'
GROUP BY mode, source, symbol, interval_seconds, date_trunc('hour', ts_utc)
HAVING count(*) * min(interval_seconds) = 3600 AND min(ts_utc) = date_trunc('hour', min(ts_utc))
"""

# Where a source gives candles of several intervals, an hour is made of the finest.
_HOURLY = """
CREATE TEMP TABLE hourly AS
SELECT DISTINCT ON (h.mode, h.source, h.symbol, h.hour)
       h.mode, h.source, h.asset, h.symbol, h.hour, f.open, h.high, h.low, l.close, h.volume
FROM whole_hours h
JOIN candles f ON f.mode = h.mode AND f.source = h.source AND f.symbol = h.symbol
              AND f.interval_seconds = h.interval_seconds AND f.ts_utc = h.hour
JOIN candles l ON l.mode = h.mode AND l.source = h.source AND l.symbol = h.symbol
              AND l.interval_seconds = h.interval_seconds AND l.ts_utc = h.last_at
WHERE NOT EXISTS (SELECT 1 FROM candles c WHERE c.mode = h.mode AND c.source = h.source AND c.symbol = h.symbol
                  AND c.interval_seconds = 3600 AND c.ts_utc = h.hour)
ORDER BY h.mode, h.source, h.symbol, h.hour, h.interval_seconds
"""

_WRITE = """
INSERT INTO candles (mode, source, asset, symbol, interval_seconds, ts_utc, open, high, low, close, volume)
SELECT mode, source, asset, symbol, 3600, hour, open, high, low, close, volume
FROM hourly ORDER BY mode, source, symbol, hour
"""

_OLD = """
candles c USING whole_hours h
WHERE c.mode = h.mode AND c.source = h.source AND c.symbol = h.symbol AND c.interval_seconds = h.interval_seconds
  AND date_trunc('hour', c.ts_utc) = h.hour AND h.hour < TIMESTAMP '{before:%Y-%m-%d %H:00:00}'
"""


class Compacted(BaseModel):
    """How many hourly candles were made of finer ones, and how many finer ones that opened before `before` went."""

    model_config = ConfigDict(frozen=True)

    before: datetime
    made: int
    removed: int
    dry_run: bool

    def told(self) -> str:
        done = "dry run, nothing was changed: " if self.dry_run else ""
        return (
            f"{done}{self.made:,} hourly candles made, {self.removed:,} finer ones from before "
            f"{self.before:%Y-%m-%dT%H:%M:%SZ} removed"
        )


class _Undone(Exception):
    """Ends the transaction of a dry run."""


def compact(store: AnyStore, keep: timedelta, now: datetime, *, dry_run: bool = False) -> Compacted:
    """Keeps candles finer than an hour for `keep` before `now`, older ones as hourly candles; in one transaction.

    Hourly candles are made of the newer ones as well, so that a window that reaches back further than `keep` has one
    series that covers it. Done again it changes nothing. With `dry_run` everything is done and then undone.
    """
    before = (now - keep).replace(minute=0, second=0, microsecond=0)
    made, removed = 0, 0
    try:
        with store.writing("candles") as connection:
            made, removed = _compacted(connection, stored(before))
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    return Compacted(before=before, made=made, removed=removed, dry_run=dry_run)


def _compacted(connection: Connection, before: datetime) -> tuple[int, int]:
    for statement in (_WHOLE_HOURS, _HOURLY):
        connection.execute(statement)
    made = first_row(connection, "SELECT count(*) FROM hourly")
    old = _OLD.format(before=before)
    removed = first_row(connection, f"SELECT count(*) FROM {old.replace(' USING ', ', ')}")
    for statement in (_WRITE, f"DELETE FROM {old}", "DROP TABLE hourly", "DROP TABLE whole_hours"):
        connection.execute(statement)
    return (made[0] if made else 0, removed[0] if removed else 0)
