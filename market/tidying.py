"""Compacts the store again and again from a thread of its own, beside a server that answers from the same store."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from market.compacting import compact
from market.store import AnyStore

EVERY = timedelta(hours=1)
"""Hourly candles are made of whole hours, of which there is a new one each hour."""

_SECONDS_TO_END = 10

_log = logging.getLogger(__name__)


class Tidying:
    """While the block runs, candles finer than an hour are kept for `keep` only: at once, then `every` so often."""

    def __init__(
        self, store: AnyStore, keep: timedelta, wall: Callable[[], datetime], every: timedelta = EVERY
    ) -> None:
        self._store = store
        self._keep = keep
        self._wall = wall
        self._every = every
        self._ended = Event()
        self._thread = Thread(target=self._run, name="compacting", daemon=True)

    def __enter__(self) -> "Tidying":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(_SECONDS_TO_END)

    def _run(self) -> None:
        while True:
            self._compact()
            if self._ended.wait(self._every.total_seconds()):
                return

    def _compact(self) -> None:
        try:
            done = compact(self._store, self._keep, self._wall())
        except Exception:
            # The server answers from what is there; an hour later it is tried again.
            _log.exception("compacting failed; it is tried again in %s", self._every)
        else:
            if done.made or done.removed:
                _log.info("%s", done.told())
