"""Moments as people and programs write them: ISO 8601 with a zone, and nothing that could be read in two ways."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

from market.errors import InvalidInput


def moment_of(text: str) -> datetime:
    """Reads a moment that names its zone.

    >>> moment_of("2025-11-05T00:00:00Z")
    datetime.datetime(2025, 11, 5, 0, 0, tzinfo=datetime.timezone.utc)

    Raises InvalidInput if `text` is anything else.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"'{text}' is not a moment; write it like 2025-11-05T00:00:00Z") from None
    if moment.tzinfo is None:
        raise InvalidInput(f"'{text}' has no time zone; write it like 2025-11-05T00:00:00Z")
    return moment


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value
    # A bare number could be seconds or milliseconds.
    if not isinstance(value, str):
        raise ValueError("a bare number is not a moment; write it like 2025-11-05T00:00:00Z")
    try:
        return moment_of(value)
    except InvalidInput as error:
        raise ValueError(str(error)) from None


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""A field that holds a moment as ISO 8601 with its zone."""
