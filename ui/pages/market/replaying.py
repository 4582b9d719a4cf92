"""Replay controls: which tape, where on it, how fast; each press gives where the browser's replay stands after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from market.replay import Replay
from market.tape import Tape, bundled_tapes

SPEEDS: Mapping[str, float] = {"1 minute a second": 60, "5 minutes a second": 300, "30 minutes a second": 1_800}
"""How fast a tape can be played."""

_MINUTE = timedelta(minutes=1)


def tape_names() -> Sequence[str]:
    """The bundled tapes, as they are picked."""
    return [tape_name(tape) for tape in bundled_tapes()]


def tape_name(tape: Tape) -> str:
    """The crash of a tape: its name without what it is, which stands beside it.

    >>> tape_name(bundled_tapes()[0]) in tape_names()
    True
    """
    return tape.name.removeprefix("reconstruction of ")


def tape_at(moment: datetime) -> Tape | None:
    """The tape that holds the moment."""
    return next((tape for tape in bundled_tapes() if tape.begins <= moment <= tape.ends), None)


def tape_called(name: str) -> Tape:
    return next(tape for tape in bundled_tapes() if tape_name(tape) == name)


def minutes_into(moment: datetime) -> tuple[float, float]:
    """How many minutes of its tape have passed at the moment, and how many it has; zeros off any tape."""
    tape = tape_at(moment)
    return ((moment - tape.begins) / _MINUTE, (tape.ends - tape.begins) / _MINUTE) if tape else (0.0, 0.0)


def scrubbed(replay: Replay | None, now: datetime, minutes: float, wall: datetime) -> Replay | None:
    """The replay, or one from `now`, moved to so many minutes into its tape; as it was off any tape."""
    tape = tape_at(replay.moment(wall) if replay else now)
    if tape is None:
        return replay
    return (replay or Replay(at=now)).at_moment(tape.begins + minutes * _MINUTE, wall)
