"""Where one browser keeps its replay, so that nobody's replay moves anyone else's answers."""

from pydantic import ValidationError

from market.replay import Replay

STORED = "market-pulse-replay"
"""The name under which the browser keeps it, alike for every page."""


def restored(kept: object) -> Replay | None:
    """What a browser had kept; None where it keeps nothing that can be read."""
    try:
        return Replay.model_validate(kept) if kept else None
    except ValidationError:
        return None
