"""What a shell sees: completion, colours on a terminal alone, nothing but the answer on standard output."""

import os
import pty
import subprocess
import sys

import pytest

from tests.ui.conftest import COMMAND

HELP = [sys.executable, "-m", "ui", "ask", "--help"]


def on_a_terminal(command: list[str], **environment: str) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdout=theirs, stderr=theirs, stdin=theirs, env=os.environ | {"TERM": "xterm-256color"} | environment
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while block := os.read(ours, 4096):
                said += block
        except OSError:
            pass  # how Linux says that the other side has closed
        assert process.wait(60) == 0
    os.close(ours)
    return said.decode()


def test_colours_are_for_terminals_alone() -> None:
    piped = subprocess.run(HELP, capture_output=True, text=True, check=True)
    assert "\x1b[" not in piped.stdout + piped.stderr
    assert "\x1b[3" in on_a_terminal(HELP) or "\x1b[1;3" in on_a_terminal(HELP)
    assert "\x1b[3" not in on_a_terminal(HELP, NO_COLOR="1")


@pytest.mark.parametrize(
    ("typed", "number", "offered"),
    [("market-pulse ca", 1, "calc"), ("market-pulse calc liq", 2, "liquidation-price"), ("market-pulse ke", 1, "keys")],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands(shell: str, typed: str, number: int, offered: str) -> None:
    asked = {
        "_MARKET_PULSE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(number),
        "_TYPER_COMPLETE_ARGS": typed,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run([COMMAND], capture_output=True, text=True, check=False, env=os.environ | asked)
    assert offered in done.stdout
