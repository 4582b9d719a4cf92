"""The replay stands, plays, runs faster, pauses, jumps, and ends with its tape; each holder has one of their own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from market.market import Market
from market.replay import Replay
from market.settings import MarketSettings

START = datetime(2025, 11, 4, 21, tzinfo=UTC)
END = datetime(2025, 11, 6, tzinfo=UTC)
WALL = datetime(2026, 11, 24, tzinfo=UTC)

STANDING = Replay(at=START)


def later(seconds: float) -> datetime:
    return WALL + timedelta(seconds=seconds)


def test_it_stands_until_it_is_played() -> None:
    assert STANDING.moment(later(60)) == START
    assert STANDING.playing(later(60), 1).moment(later(120)) == START + timedelta(minutes=1)


def test_speed_changes_from_where_it_is() -> None:
    faster = STANDING.playing(WALL, 60).playing(later(10), 600)
    assert faster.moment(later(11)) == START + timedelta(minutes=20)
    assert faster.speed == 600


def test_a_pause_keeps_the_place_and_the_speed() -> None:
    paused = STANDING.playing(WALL, 30).paused(later(10))
    assert paused.moment(later(100)) == START + timedelta(minutes=5)
    assert paused.playing(later(100)).moment(later(102)) == START + timedelta(minutes=6)


@pytest.mark.parametrize("playing", [True, False])
def test_a_jump_goes_on_as_it_was(playing: bool) -> None:
    before = STANDING.playing(WALL, 60) if playing else STANDING
    october = datetime(2025, 10, 10, 21, tzinfo=UTC)
    moved = timedelta(minutes=2) if playing else timedelta(0)
    assert before.at_moment(october, later(5)).moment(later(7)) == october + moved


def test_it_ends_with_the_tape() -> None:
    playing = STANDING.playing(WALL, 3_600)
    assert not playing.ended(later(26))
    for wall in (later(27), later(10_000_000), datetime(9000, 1, 1, tzinfo=UTC)):
        assert playing.moment(wall) == END
        assert playing.ended(wall)


def test_outside_the_tapes_it_catches_up_with_the_present_and_no_further() -> None:
    playing = Replay(at=WALL - timedelta(hours=2)).playing(WALL, 3_600)
    assert playing.moment(later(1)) == WALL - timedelta(hours=1)
    assert playing.moment(later(60)) == later(60)
    assert Replay(at=WALL + timedelta(days=1)).playing(WALL).moment(later(60)) == WALL + timedelta(days=1)


def test_a_clock_set_back_does_not_turn_it_back() -> None:
    assert STANDING.playing(WALL, 60).moment(later(-3_600)) == START


def test_moments_are_in_utc_whatever_zone_they_came_in() -> None:
    assert Replay(at=datetime.fromisoformat("2025-11-04T22:00:00+01:00")).moment(WALL).isoformat() == START.isoformat()


@pytest.mark.parametrize("speed", [-1.0, 1e9, float("nan")])
def test_a_speed_that_cannot_be_is_refused(speed: float) -> None:
    with pytest.raises(ValidationError, match="speed"):
        STANDING.playing(WALL, speed)


def test_what_is_no_replay_is_refused() -> None:
    for kept in ({"at": "2025-11-04T21:00:00"}, {"at": "now"}, {}, {"at": "2025-11-04T21:00:00Z", "rate": 5}):
        with pytest.raises(ValidationError):
            Replay.model_validate(kept)


def test_it_is_the_same_after_it_was_written_down() -> None:
    playing = STANDING.playing(WALL, 60)
    assert Replay.model_validate_json(playing.model_dump_json()) == playing


def test_readings_are_taken_as_of_each_holders_own_replay(replayed: Market) -> None:
    one, other = STANDING.playing(WALL, 60), Replay(at=datetime(2025, 10, 10, 21, 22, tzinfo=UTC))
    first = replayed.read("price", as_of=one.moment(later(37)))
    assert (first.as_of, first.value) == (START + timedelta(minutes=37), 98_944)
    assert replayed.read("price", as_of=other.moment(later(37))).value == 102_000
    assert replayed.read("price").as_of == replayed.replay.at


def test_where_every_replay_begins_can_be_set(pristine: Path) -> None:
    market = Market.open(pristine.parent, MarketSettings(replay_at=START))
    assert (market.replay.at, market.now()) == (START, START)
    market.close()


@pytest.mark.parametrize("at", [1762290000, 1.5, "1762290000", "2025-11-04", "2025-11-04T21:00:00", None])
def test_only_a_moment_with_its_zone_is_a_moment(at: object) -> None:
    with pytest.raises(ValidationError, match="2025-11-05T00:00:00Z"):
        Replay.model_validate({"at": at})
    if at is not None:
        with pytest.raises(ValidationError, match="2025-11-05T00:00:00Z"):
            MarketSettings.model_validate({"replay_at": at})
