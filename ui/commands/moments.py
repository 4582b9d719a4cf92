"""The `--as-of` of every command that takes one."""

from datetime import datetime

import typer


def as_of_option(text: str | None) -> datetime | None:
    """The moment that was given, if one was; wrong usage otherwise."""
    from market.errors import InvalidInput
    from market.moments import moment_of

    try:
        return None if text is None else moment_of(text)
    except InvalidInput as error:
        raise typer.BadParameter(str(error), param_hint="--as-of") from error
