"""Keeps a running server up to the documents: syncs watched folders, and takes over what another process synced."""

import logging
from contextlib import closing
from threading import Event, Thread

from ui.app import App

_SECONDS_TO_END = 10

_log = logging.getLogger(__name__)


class Freshness:
    """Looks every `seconds` while the block runs, from a thread of its own; `app` answers on meanwhile."""

    def __init__(self, app: App, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._ended = Event()
        self._told = ""
        self._thread = Thread(target=self._run, name="freshness", daemon=True)

    def __enter__(self) -> "Freshness":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(_SECONDS_TO_END)

    def look(self) -> bool:
        """Syncs, as a start does, if there may be something new; whether `app` answers from another state now."""
        shown = self._app.library
        with closing(shown.reopened()) as library:
            if library.stamp() == shown.index.stamp and not (library.watches and not library.is_current()):
                return False
            # Also after another process's sync: one that was cut short is completed before anything is shown.
            library.sync()
            if library.stamp() == shown.index.stamp:
                return False
            self._app.stand_on(library.snapshot())
        return True

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self.look()
                self._told = ""
            except Exception as error:
                # Whatever is wrong with a document or the index, what was there before still answers.
                self._tell(str(error) or type(error).__name__)

    def _tell(self, problem: str) -> None:
        """A warning, once and not at every look."""
        if problem != self._told:
            _log.warning("answers stay as they were, the documents cannot be brought in: %s", problem.splitlines()[0])
        self._told = problem
