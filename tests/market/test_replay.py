"""The replay stands, plays, runs faster, pauses, jumps, and ends with its tape."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from market.clock import Replay
from market.errors import InvalidInput
from market.market import Market
from market.reconstruction import replay_end
from market.settings import MarketSettings

START = datetime(2025, 11, 4, 21, tzinfo=UTC)
END = datetime(2025, 11, 6, tzinfo=UTC)


class Wall:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def replay(wall: Wall) -> Replay:
    return Replay(wall, START, replay_end)


def test_it_stands_until_it_is_played(replay: Replay, wall: Wall) -> None:
    wall.passes(60)
    assert replay.now() == START
    assert not replay.playing
    replay.play()
    wall.passes(60)
    assert replay.now() == START + timedelta(minutes=1)


def test_speed_changes_from_where_it_is(replay: Replay, wall: Wall) -> None:
    replay.play(60)
    wall.passes(10)
    replay.play(600)
    wall.passes(1)
    assert replay.now() == START + timedelta(minutes=20)
    assert replay.speed == 600


def test_a_pause_keeps_the_place_and_the_speed(replay: Replay, wall: Wall) -> None:
    replay.play(60)
    wall.passes(5)
    replay.pause()
    wall.passes(100)
    assert replay.now() == START + timedelta(minutes=5)
    replay.play()
    wall.passes(1)
    assert replay.now() == START + timedelta(minutes=6)


@pytest.mark.parametrize("playing", [True, False])
def test_a_jump_goes_on_as_it_was(playing: bool, replay: Replay, wall: Wall) -> None:
    if playing:
        replay.play(60)
    wall.passes(5)
    replay.jump(datetime(2025, 10, 10, 21, tzinfo=UTC))
    wall.passes(2)
    moved = timedelta(minutes=2) if playing else timedelta(0)
    assert replay.now() == datetime(2025, 10, 10, 21, tzinfo=UTC) + moved


def test_it_ends_with_the_tape(replay: Replay, wall: Wall) -> None:
    replay.play(3_600)
    wall.passes(10_000_000)
    assert replay.now() == END


@pytest.mark.parametrize("speed", [0.0, -1.0, 1e9, float("nan")])
def test_a_speed_that_cannot_be_is_refused(speed: float, replay: Replay) -> None:
    with pytest.raises(InvalidInput, match="choose one above 0"):
        replay.play(speed)


def test_a_jump_needs_a_zone(replay: Replay) -> None:
    with pytest.raises(InvalidInput, match="names no zone"):
        replay.jump(datetime(2025, 11, 4))  # noqa: DTZ001 - the fault under test


def test_readings_follow_the_replay(pristine: Path, wall: Wall) -> None:
    market = Market.open(pristine.parent, MarketSettings(replay_at=START), wall=wall)
    before = market.read("price")
    market.replay.play(60)
    wall.passes(37)
    after = market.read("price")
    assert (before.as_of, after.as_of) == (START, START + timedelta(minutes=37))
    assert after.value == 98_944
    market.replay.jump(datetime(2025, 10, 10, 21, 22, tzinfo=UTC))
    assert market.read("price").value == 102_000
    market.close()
