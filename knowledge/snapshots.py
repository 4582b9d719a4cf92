"""Folders for copies of the index, each under a lock that goes when its process ends, however it ends.

<home>/snapshots/ab12cd34/         the copy
<home>/snapshots/ab12cd34.lock     locked while somebody answers from it
"""

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

_FOLDER = "snapshots"


def claimed(home: Path) -> tuple[Path, Callable[[], None]]:
    """A new folder of one's own, and what gives it back: the folder goes, and then its lock."""
    folder = home / _FOLDER / uuid.uuid4().hex[:8]
    folder.mkdir(parents=True)
    lock = _lock_of(folder)
    lock.acquire(timeout=0)

    def give_back() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        _drop(lock)

    return folder, give_back


def clear_abandoned(home: Path) -> None:
    """Removes the folders whose processes are gone, killed before they could.

    Called by one process at a time: a folder that is about to be locked would look abandoned.
    """
    for left in (home / _FOLDER).glob("*"):
        lock = _lock_of(left)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        shutil.rmtree(left.with_suffix(""), ignore_errors=True)
        _drop(lock)


def _lock_of(folder: Path) -> FileLock:
    # The thread that gives a folder back may be another than the one that claimed it.
    return FileLock(folder.with_suffix(".lock"), thread_local=False)


def _drop(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)
