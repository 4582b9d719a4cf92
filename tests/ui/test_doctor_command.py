"""`doctor` says that a sound home is sound, and names the mending command for each thing that is broken."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.conftest import Done

Run = Callable[..., Done]


def findings(done: Done) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(done.stdout):
        found.setdefault(finding["check"], []).append(finding)
    return found


@pytest.fixture
def copied_home(built_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built_home, tmp_path / "home")


def test_a_sound_home_has_no_error(run: Run) -> None:
    done = run("doctor", "--json")
    assert done.returncode == 0
    assert {"settings", "disk", "port", "model", "documents", "index", "store"} <= set(findings(done))
    assert findings(done)["index"][0]["severity"] == "ok"


def test_a_new_home_is_told_to_sync(run: Run, tmp_path: Path) -> None:
    index = findings(run("doctor", "--json", home=tmp_path / "new"))["index"]
    assert index[0]["severity"] == "warning"
    assert index[0]["remedy"] == f"market-pulse --home {tmp_path / 'new'} knowledge sync"


def test_a_wrong_setting_names_the_variable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKET_PULSE_KNOWLEDGE_PASSAGE_TOKENS", "7")
    done = run("doctor")
    assert done.returncode == 1
    assert "correct or unset MARKET_PULSE_KNOWLEDGE_PASSAGE_TOKENS" in done.stdout


def test_an_index_of_other_settings_names_the_rebuild(
    run: Run, built_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARKET_PULSE_KNOWLEDGE_PASSAGE_TOKENS", "100")
    done = run("doctor", "--json")
    assert done.returncode == 1
    assert findings(done)["index"][0]["remedy"] == f"run 'market-pulse --home {built_home} knowledge sync --rebuild'"


def test_a_configured_reranker_that_is_missing_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKET_PULSE_KNOWLEDGE_RERANKER_PATH", "/nowhere")
    assert findings(run("doctor", "--json"))["reranker"][0]["severity"] == "error"


def test_a_source_that_is_gone_and_a_port_in_use_are_named(run: Run, copied_home: Path) -> None:
    (copied_home / "sources.json").write_text('["/nowhere/report.pdf"]')
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        found = findings(run("doctor", "--port", str(port), "--json", home=copied_home))
    assert found["port"][0]["remedy"] == f"market-pulse serve --port {port + 1}"
    assert "knowledge remove /nowhere/report.pdf" in found["documents"][0]["remedy"]
