"""The moment readings are taken at when nobody names one."""

from collections.abc import Callable
from datetime import datetime, timedelta

from market.reading import Mode
from market.series import Catalog
from market.tables import Kind

_LEADING: tuple[Kind, ...] = ("candles", "liquidations", "market_cap", "open_interest", "funding", "sentiment")
"""Imported prices set the clock where there are any: an index imported for later months does not move it past them."""


class Clock:
    """Now: the wall clock while live data are fresh, else the newest imported row, else where a replay begins.

    `wall` gives the real time; `begins` is the moment of the reconstruction at which a replay begins.
    """

    def __init__(
        self, catalog: Catalog, wall: Callable[[], datetime], begins: datetime, stale_after: timedelta
    ) -> None:
        self._catalog = catalog
        self._wall = wall
        self._begins = begins
        self._stale_after = stale_after

    def now(self) -> datetime:
        """A moment with its zone; never later than what is known."""
        wall = self._wall()
        live = self._newest("live")
        if live is not None and wall - live <= self._stale_after:
            return wall
        return self._newest("imported") or self._begins

    def _newest(self, mode: Mode) -> datetime | None:
        for kind in _LEADING:
            known = [series.last for series in self._catalog.series(kind) if series.mode == mode]
            if known:
                return max(known)
        return None
