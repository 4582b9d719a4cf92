"""The replay over HTTP: the tapes there are, and what becomes of a replay that is played, paused or moved.

The server keeps no replay: the caller sends the one it has and gets the next. Readings and answers are taken as of
its moment by passing that as `as_of`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, Self

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from market.market import Market
from market.moments import Moment
from market.replay import FASTEST, Replay
from market.tape import bundled_tapes

_EXAMPLE: JsonDict = {
    "action": "play",
    "replay": {"at": "2025-11-04T21:00:00Z", "since": None, "speed": 60},
    "speed": 600,
}


class TapeDescription(BaseModel):
    """A reconstruction that can be replayed, from when to when."""

    name: str
    begins: datetime
    ends: datetime


class Tapes(BaseModel):
    """What can be replayed; `replay` is where a new replay stands."""

    tapes: list[TapeDescription]
    replay: Replay
    fastest: float


class ReplayRequest(BaseModel):
    """`replay` is the one to change; left out: a new one. `show` changes nothing and tells where it is.

    `speed` goes with `play`: how many seconds pass in a second. `to` goes with `jump`.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    action: Literal["play", "pause", "jump", "show"]
    replay: Replay | None = None
    speed: float | None = Field(default=None, gt=0, le=FASTEST)
    to: Moment | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.action == "jump") != (self.to is not None):
            raise ValueError("`to` goes with the action jump, and a jump needs it")
        if self.action != "play" and self.speed is not None:
            raise ValueError("`speed` goes with the action play")
        return self


class ReplayState(BaseModel):
    """`replay` is to be sent with the next action; `moment` is where it is now, for `as_of`."""

    replay: Replay
    moment: datetime
    playing: bool
    ended: bool


def add_replay(api: FastAPI, market: Market, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Registers the routes."""

    @api.get("/v1/replay", tags=["market"])
    async def tapes() -> Tapes:
        """The tapes that can be replayed, and a replay that stands where the first begins to be told."""
        told = [TapeDescription(name=tape.name, begins=tape.begins, ends=tape.ends) for tape in bundled_tapes()]
        return Tapes(tapes=told, replay=market.replay, fastest=FASTEST)

    @api.post("/v1/replay", tags=["market"])
    async def replay(request: ReplayRequest) -> ReplayState:
        """What becomes of a replay: `play` it, `pause` it, let it `jump` to a moment, or `show` where it is."""
        now = wall()
        after = _after(request, request.replay or market.replay, now)
        moment, ended = after.moment(now), after.ended(now)
        return ReplayState(replay=after, moment=moment, playing=after.since is not None and not ended, ended=ended)


def _after(request: ReplayRequest, before: Replay, now: datetime) -> Replay:
    if request.to is not None:
        return before.at_moment(request.to, now)
    if request.action == "play":
        return before.playing(now, request.speed)
    return before.paused(now) if request.action == "pause" else before
