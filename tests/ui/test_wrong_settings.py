"""A wrong setting of any room is one line that names the variable, whichever command meets it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.conftest import Done, free_port

Run = Callable[..., Done]

KNOWLEDGE, MARKET = ("KNOWLEDGE_WATCH", "/srv/articles"), ("MARKET_VENUES", '["nyse"]')
COMMANDS = [
    *((words, KNOWLEDGE) for words in (("ask", "What is leverage?"), ("knowledge", "list"), ("knowledge", "check"))),
    *((words, KNOWLEDGE) for words in (("knowledge", "sync"), ("knowledge", "search", "margin"), ("eval", "run"))),
    *((words, KNOWLEDGE) for words in (("mcp",), ("serve",), ("knowledge", "add", "x.md"), ("knowledge", "export"))),
    (("knowledge", "remove", "x"), KNOWLEDGE),
    *(
        (words, MARKET)
        for words in (("market", "metrics", "price"), ("market", "sync"), ("market", "watch"), ("serve",))
    ),
    *((words, ("RAG_PASSAGES", "many")) for words in (("ask", "What is leverage?"), ("serve",), ("mcp",))),
    *((words, ("UI_BODY_BYTES", "huge")) for words in (("serve",), ("mcp",), ("keys", "list"))),
]


@pytest.mark.parametrize(("words", "setting"), COMMANDS, ids=" ".join)
def test_every_command_says_it_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], setting: tuple[str, str]
) -> None:
    name, value = f"MARKET_PULSE_{setting[0]}", setting[1]
    monkeypatch.setenv(name, value)
    port = ("--port", str(free_port())) if words == ("serve",) else ()
    done = run(*words, *port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {name}: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("KNOWLEDGE_WATCH", "/srv/articles", "not JSON"),
        ("KNOWLEDGE_STAGES", '["dens"]', "dense"),
        ("KNOWLEDGE_CONTENT", "/nowhere", "not point to a directory"),
        ("KNOWLEDGE_WATCH", '["/nowhere"]', "/nowhere is no folder"),
        ("KNOWLEDGE_EMBEDDINGS_URL", "http://127.0.0.1:9", "needs EMBEDDINGS_MODEL"),
    ],
)
def test_the_line_says_what_is_wrong_and_the_doctor_agrees(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"MARKET_PULSE_{name}", value)
    done = run("knowledge", "list")
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    examined = run("doctor")
    assert examined.returncode == 1
    assert says in " ".join(examined.stdout.split())


def test_a_watched_folder_may_be_empty_yet(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MARKET_PULSE_KNOWLEDGE_WATCH", f'["{tmp_path}"]')
    assert run("knowledge", "list").returncode == 0
