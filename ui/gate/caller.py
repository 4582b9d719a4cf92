"""Who asks, as the gate found out and the faces behind it may read."""

from pydantic import BaseModel, ConfigDict
from starlette.types import Scope

from ui.keys import Scope as KeyScope


class Caller(BaseModel):
    """The id of the key, or None where none is needed, and what it may do."""

    model_config = ConfigDict(frozen=True)

    key_id: str | None
    scopes: frozenset[KeyScope]


def caller_of(scope: Scope) -> Caller:
    """Who sent the request of `scope`, which the gate has let in."""
    found: Caller = scope["state"]["caller"]
    return found
