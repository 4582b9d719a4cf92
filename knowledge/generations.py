"""Where the index stands: a folder for each generation, and a file that names the one in use."""

import shutil
import uuid
from pathlib import Path

_POINTER = "current"


def current(home: Path) -> Path:
    """The folder of the generation in use."""
    pointer = home / _POINTER
    name = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else "first"
    return home / name


def fresh(home: Path) -> Path:
    """A folder for the next generation; what an interrupted rebuild left is removed."""
    for left in home.glob("next-*"):
        if left != current(home):
            shutil.rmtree(left, ignore_errors=True)
    return home / f"next-{uuid.uuid4().hex[:8]}"


def switch(home: Path, folder: Path) -> None:
    """Makes `folder` the generation in use, in one step, and removes the one before."""
    before = current(home)
    draft = home / f"{_POINTER}.tmp"
    draft.write_text(folder.name, encoding="utf-8")
    draft.replace(home / _POINTER)
    if before != folder:
        shutil.rmtree(before, ignore_errors=True)
