"""The replay over HTTP: each caller holds its own, and answers are as of it."""

import pytest
from fastapi.testclient import TestClient

from ui.api import build_api
from ui.app import App
from ui.settings import UiSettings

STANDING = {"at": "2025-11-04T21:00:00Z", "since": None, "speed": 60}


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return TestClient(build_api(app, UiSettings()))


def test_the_tapes_are_told_and_where_a_replay_begins(client: TestClient) -> None:
    told = client.get("/v1/replay").json()
    assert [tape["begins"] for tape in told["tapes"]] == ["2025-10-09T00:00:00Z", "2025-11-03T00:00:00Z"]
    assert told["replay"]["at"] == "2025-11-05T00:00:00Z"


def test_it_plays_pauses_and_jumps_and_nobody_else_is_moved(client: TestClient) -> None:
    playing = client.post("/v1/replay", json={"action": "play", "replay": STANDING, "speed": 3600}).json()
    assert playing["playing"]
    assert playing["replay"]["since"] is not None
    paused = client.post("/v1/replay", json={"action": "pause", "replay": playing["replay"]}).json()
    assert not paused["playing"]
    assert paused["replay"]["at"] == paused["moment"] > STANDING["at"]
    asked = {"action": "jump", "replay": paused["replay"], "to": "2025-10-10T21:22:00Z"}
    jumped = client.post("/v1/replay", json=asked)
    assert jumped.json()["moment"] == "2025-10-10T21:22:00Z"
    assert client.post("/v1/replay", json={"action": "show"}).json()["moment"] == "2025-11-05T00:00:00Z"


def test_an_answer_is_as_of_the_replay(client: TestClient) -> None:
    asked = {"action": "jump", "replay": STANDING, "to": "2025-11-04T21:37:00Z"}
    moment = client.post("/v1/replay", json=asked).json()["moment"]
    answer = client.post("/v1/answers", json={"question": "What is the price of bitcoin?", "as_of": moment}).json()
    assert answer["data"]["as_of"] == moment
    assert "98,944" in answer["answer"]


def test_its_end_is_told(client: TestClient) -> None:
    played = {"at": "2025-11-05T23:00:00Z", "since": "2025-12-01T00:00:00Z", "speed": 60}
    state = client.post("/v1/replay", json={"action": "show", "replay": played}).json()
    assert (state["moment"], state["playing"], state["ended"]) == ("2025-11-06T00:00:00Z", False, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"action": "fly"}, "body.action"),
        ({"action": "jump"}, "a jump needs it"),
        ({"action": "pause", "to": "2025-11-04T21:37:00Z"}, "goes with the action jump"),
        ({"action": "pause", "speed": 5}, "goes with the action play"),
        ({"action": "play", "speed": 1e9}, "body.speed"),
        ({"action": "play", "replay": {"at": "2025-11-04T21:37:00"}}, "body.replay.at"),
        ({"action": "play", "replay": {"at": 1762290000}}, "a bare number is not a moment; write it like 2025-11-05"),
        ({"action": "play", "replay": {"at": "1762290000"}}, "is not a moment; write it like 2025-11-05"),
        ({"action": "show", "replay": {"at": "2025-11-04T21:37:00Z", "since": 5.5}}, "a bare number is not a moment"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(body: dict[str, object], said: str, client: TestClient) -> None:
    refused = client.post("/v1/replay", json=body)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]
