"""Replaying the past: where a replay stands and how it goes on. A value that belongs to whoever holds it.

A browser or a program keeps its own, asks it for the moment, and reads and asks as of that moment; so one user's
replay moves nobody else's answers, and the server remembers none.
"""

from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from market.moments import Moment
from market.reconstruction import replay_end

FASTEST = 3_600
"""An hour in a second: three days of a tape in little more than a minute."""


class Replay(BaseModel):
    """Standing at `at`, or, where `since` is given, playing from there since that real time.

    `speed` is how many seconds pass in a second. `wall` is always the real time now. Within a tape the replay ends
    with it; elsewhere it catches up with the present at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Moment
    since: Moment | None = None
    speed: float = Field(default=60, gt=0, le=FASTEST)

    def moment(self, wall: datetime) -> datetime:
        """The replayed moment, in UTC: what to read and to ask as of."""
        at = self.at.astimezone(UTC)
        if self.since is None:
            return at
        left = max(self._end(wall) - at, timedelta(0))
        passed = max(wall - self.since, timedelta(0))
        # Compared before multiplied: a replay left playing for years is not a date that exists.
        return at + (left if passed >= left / self.speed else passed * self.speed)

    def ended(self, wall: datetime) -> bool:
        """Whether there is nothing left to play."""
        return self.moment(wall) >= self._end(wall)

    def playing(self, wall: datetime, speed: float | None = None) -> Self:
        """Going on from where it stands, at `speed` or as fast as before. Raises ValidationError beyond `FASTEST`."""
        return self._moved(self.moment(wall), since=wall, speed=speed or self.speed)

    def paused(self, wall: datetime) -> Self:
        return self._moved(self.moment(wall), since=None, speed=self.speed)

    def at_moment(self, moment: datetime, wall: datetime) -> Self:
        """Standing, or going on playing, at `moment`."""
        return self._moved(moment, since=None if self.since is None else wall, speed=self.speed)

    def _end(self, wall: datetime) -> datetime:
        return replay_end(self.at) or wall

    @classmethod
    def _moved(cls, at: datetime, *, since: datetime | None, speed: float) -> Self:
        return cls(at=at, since=since, speed=speed)
