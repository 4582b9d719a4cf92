"""Whatever is typed or piped in, a command answers in one line and with the right exit code, never with a traceback."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.conftest import COMMAND, Done


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frobnicate"], "No such command 'frobnicate'; see 'market-pulse --help'"),
        (["ask", "hi", "--as-of", "yesterday"], "is not a moment; write it like 2025-11-05T00:00:00Z"),
        (["ask", "hi", "--history", "{"], "--history: is not a JSON list"),
        (["ask", "hi", "--history", '{"role": "user"}'], "--history: is not a JSON list"),
        (["calc", "recovery-gain"], "Missing option '--loss'; see 'market-pulse calc recovery-gain --help'"),
        (["market", "metrics", "price", "--window", "5parsecs"], "'5parsecs' is not a duration"),
        (["serve", "--port", "99999"], "--port"),
        (["knowledge", "search", "margin", "-k", "0"], "see 'market-pulse knowledge search --help'"),
    ],
)
def test_wrong_words_are_told_in_one_line(run: Callable[..., Done], words: list[str], said: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_a_command_without_words_shows_its_help_and_no_error(run: Callable[..., Done]) -> None:
    done = run("calc")
    assert done.returncode == 2
    assert "recovery-gain" in done.stdout + done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize("words", [["keys", "create", "one"], ["market", "import", "rows.csv", "--kind", "candles"]])
def test_a_home_that_cannot_be_used_is_named(run: Callable[..., Done], tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "rows.csv").write_text("ts_utc,symbol,open,high,low,close,volume\n")
    (tmp_path / "file").touch()
    done = run(
        *(str(tmp_path / word) if word == "rows.csv" else word for word in words), home=tmp_path / "file" / "home"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{tmp_path / 'file' / 'home'}: not a directory; check the path" in done.stderr
    assert done.stderr.count("\n") == 1


def test_bytes_that_are_no_text_do_not_break_a_question(built_home: Path) -> None:
    piped = b"what is \xff\xfe leverage\x00?"
    done = subprocess.run(
        [COMMAND, "--home", str(built_home), "ask", "-"], input=piped, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"borrowed" in done.stdout


def test_a_result_beyond_any_number_is_refused(run: Callable[..., Done]) -> None:
    done = run("calc", "pnl", "--side", "long", "--entry", "1e308", "--exit", "1e-308", "--quantity", "1e308", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: the pnl of these inputs is beyond any number; give smaller ones\n"
