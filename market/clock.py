"""The moment readings are taken at when nobody names one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from market.errors import InvalidInput
from market.reading import Mode
from market.series import Catalog
from market.tables import Kind

FASTEST = 3_600
"""An hour in a second: three days of a tape in little more than a minute."""

_LEADING: tuple[Kind, ...] = ("candles", "liquidations", "market_cap", "open_interest", "funding", "sentiment")
"""Imported prices set the clock where there are any: an index imported for later months does not move it past them."""


class Replay:
    """Where a reconstruction is replayed: standing still until it is played, and never past the end of its tape.

    `ends` says for a moment where the tape that holds it ends. Threads may share it.
    """

    def __init__(self, wall: Callable[[], datetime], at: datetime, ends: Callable[[datetime], datetime]) -> None:
        self._wall = wall
        self._ends = ends
        self._lock = Lock()
        self._from = at
        self._since: datetime | None = None
        self._speed = 1.0

    @property
    def playing(self) -> bool:
        return self._since is not None

    @property
    def speed(self) -> float:
        """How many seconds of the tape pass in a second."""
        return self._speed

    def now(self) -> datetime:
        with self._lock:
            return self._now()

    def play(self, speed: float | None = None) -> None:
        """Goes on from where it stands, at `speed` or as fast as before. Raises InvalidInput."""
        if speed is not None and not 0 < speed <= FASTEST:
            raise InvalidInput(f"a replay cannot run at {speed:g} times the speed; choose one above 0, up to {FASTEST}")
        with self._lock:
            self._from, self._since = self._now(), self._wall()
            self._speed = speed or self._speed

    def pause(self) -> None:
        with self._lock:
            self._from, self._since = self._now(), None

    def jump(self, to: datetime) -> None:
        """Stands, or goes on playing, at `to`. Raises InvalidInput if the moment names no zone."""
        if to.tzinfo is None:
            raise InvalidInput("the moment to jump to names no zone; write it as 2025-11-04T21:30:00Z")
        with self._lock:
            self._from = to.astimezone(UTC)
            self._since = self._wall() if self._since is not None else None

    def _now(self) -> datetime:
        if self._since is None:
            return self._from
        end = max(self._from, self._ends(self._from))
        left = (end - self._from) / self._speed
        passed = self._wall() - self._since
        return end if passed >= left else self._from + passed * self._speed


class Clock:
    """Now: the wall clock while live data are fresh, else the newest imported row, else the replay.

    `wall` gives the real time; `replay` says where the reconstruction is replayed.
    """

    def __init__(self, catalog: Catalog, wall: Callable[[], datetime], replay: Replay, stale_after: timedelta) -> None:
        self._catalog = catalog
        self._wall = wall
        self._replay = replay
        self._stale_after = stale_after

    def now(self) -> datetime:
        """A moment with its zone; never later than what is known."""
        wall = self._wall()
        live = self._newest("live")
        if live is not None and wall - live <= self._stale_after:
            return wall
        return self._newest("imported") or self._replay.now()

    def _newest(self, mode: Mode) -> datetime | None:
        for kind in _LEADING:
            known = [series.last for series in self._catalog.series(kind) if series.mode == mode]
            if known:
                return max(known)
        return None
