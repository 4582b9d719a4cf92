"""What every command knows before it runs: the home folder that holds all state."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import typer


class CliContext(BaseModel):
    """Carried in typer's `ctx.obj`: `home` holds the index, the market store and the user's own documents."""

    model_config = ConfigDict(frozen=True)

    home: Path


def home_of(context: "typer.Context") -> Path:
    """The home folder of the command that runs."""
    found = context.find_object(CliContext)
    assert found is not None  # noqa: S101 - the callback of the command line always sets it
    return found.home
