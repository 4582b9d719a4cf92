"""What every command knows before it runs: the home folder that holds all state."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class CliContext(BaseModel):
    """Carried in typer's `ctx.obj`: `home` holds the index, the market store and the user's own documents."""

    model_config = ConfigDict(frozen=True)

    home: Path
