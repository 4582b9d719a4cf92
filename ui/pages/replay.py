"""Where one browser replays a reconstruction: kept there, so that nobody's replay moves anyone else's answers."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from market.clock import FASTEST
from market.reconstruction import replay_end

STORED = "market-pulse-replay"
"""The name under which the browser keeps it, alike for every page."""


class Replay(BaseModel):
    """Standing at `at`, or playing from there since `since` (real time) at `speed`; never past the end of the tape."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    since: AwareDatetime | None = None
    speed: float = Field(default=60, gt=0, le=FASTEST)

    @classmethod
    def restored(cls, kept: object) -> "Replay | None":
        """What a browser had kept; None where it keeps nothing that can be read."""
        try:
            return cls.model_validate(kept) if kept else None
        except ValidationError:
            return None

    def moment(self, wall: datetime) -> datetime:
        """The replayed moment at the real time `wall`."""
        if self.since is None:
            return self.at
        return min(self.at + (wall - self.since) * self.speed, max(self.at, replay_end(self.at)))

    def playing(self, wall: datetime, speed: float) -> "Replay":
        """Going on from where it stands, at `speed`."""
        return Replay(at=self.moment(wall), since=wall, speed=speed)

    def paused(self, wall: datetime) -> "Replay":
        return Replay(at=self.moment(wall), speed=self.speed)

    def at_moment(self, moment: datetime, wall: datetime) -> "Replay":
        """Standing, or going on playing, at `moment`."""
        return Replay(at=moment, since=None if self.since is None else wall, speed=self.speed)

    def kept(self) -> dict[str, object]:
        """What the browser keeps."""
        return self.model_dump(mode="json")
