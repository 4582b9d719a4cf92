"""Says which variable of the environment is wrong, and what with it."""

import json
import os
import re
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_settings import SettingsError

_PREFIX = "MARKET_PULSE_"
_FIELD = re.compile(r'field "(\w+)"')


class WrongSetting(NamedTuple):
    """`name` is the variable, or the beginning of all of a room's where they are wrong together."""

    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.name}: {self.problem}"


def wrong_setting(error: Exception) -> WrongSetting | None:
    """What `error` says of a setting; None if it is about something else."""
    if isinstance(error, SettingsError):
        field = _FIELD.search(str(error))
        ending = f"_{field[1]}".upper() if field else ""
        names = [name for name in sorted(os.environ) if name.upper().startswith(_PREFIX)]
        name = next((name for name in names if name.upper().endswith(ending) and not _is_json(os.environ[name])), None)
        return WrongSetting(name or f"{_PREFIX}*{ending}", 'this is not JSON; write a list like ["one", "two"]')
    if not isinstance(error, ValidationError) or not error.title.endswith("Settings"):
        return None
    first = error.errors()[0]
    room = error.title.removesuffix("Settings").upper()
    field_name = "".join(f"_{part}".upper() for part in first["loc"][:1])
    return WrongSetting(f"{_PREFIX}{room}{field_name}", first["msg"].removeprefix("Value error, "))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
