"""How processes of one home reach the store that one of them holds: a note of where it listens, and JSON lines.

What may be done with the note may also be done with the store's file, so the note is for the owner's eyes alone.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

NOTE = "market.serving"
"""Name of the note in the home folder."""

HOST = "127.0.0.1"

Message = Mapping[str, Any]

_MOMENT = "@"
"""Marks a moment among the values: JSON has none."""


class Note(BaseModel):
    """Where the process that holds the store listens, and the word it wants to hear first."""

    model_config = ConfigDict(frozen=True)

    port: int
    token: str

    @classmethod
    def left_in(cls, home: Path) -> "Note | None":
        """The note in `home`, be it of a process that is no more; None without one that can be read."""
        try:
            return cls.model_validate_json((home / NOTE).read_text("utf-8"))
        except (OSError, ValidationError):
            return None

    def leave_in(self, home: Path) -> None:
        """Writes the note beside its place and moves it there, so that nobody reads half of one."""
        draft = home / f"{NOTE}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.model_dump_json())
        draft.replace(home / NOTE)

    def take_from(self, home: Path) -> None:
        """Removes the note, unless another process has left its own since."""
        if Note.left_in(home) == self:
            (home / NOTE).unlink(missing_ok=True)


def written(message: Message) -> bytes:
    """`message` as a line; moments in it are kept as such."""
    return json.dumps(message, default=_marked).encode() + b"\n"


def read(line: bytes) -> Message:
    """The message of a line. Raises ValueError if it is none."""
    message: Message = json.loads(line, object_hook=_unmarked)
    return message


def _marked(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    raise TypeError(f"{type(value).__name__} is neither text, number nor moment")


def _unmarked(found: dict[str, Any]) -> Any:
    return datetime.fromisoformat(found[_MOMENT]) if found.keys() == {_MOMENT} else found
