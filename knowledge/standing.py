"""How files stand on the disk: enough to know without reading them that none has changed since it was read."""

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path

_SETTLED_NS = 2_000_000_000
"""Within one tick of the file system's clock (at most two seconds) a file may change twice and look the same."""


def standing(path: Path) -> str:
    """Size, times of change and identity of a file; another whenever it was written or replaced."""
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def standing_of_all(paths: Iterable[Path]) -> str | None:
    """The standing of all these files in one; None while one of them is so new that it may yet change unseen.

    A file that is gone, or that may not be looked at, counts as none.
    """
    now = time.time_ns()
    digest = hashlib.sha256()
    for path in paths:
        try:
            if path.stat().st_mtime_ns > now - _SETTLED_NS:
                return None
            digest.update(f"{path} {standing(path)}\n".encode())
        except OSError:
            continue
    return digest.hexdigest()[:32]
