"""Every command's help has examples, all of them parse, and those that need neither network nor a long time run."""

import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bench.typeset import write_pdf
from tests.ui.conftest import Done
from ui.cli import app
from ui.keys import Keyring

Run = Callable[..., Done]

NOT_RUN = {
    ("serve",): "runs until stopped",
    ("mcp",): "runs until its agent leaves",
    ("market", "sync"): "asks exchanges",
    ("market", "watch"): "asks exchanges",
    ("eval", "run"): "asks every case",
    ("eval", "compare"): "needs two whole runs",
    ("eval", "report"): "as above",
    ("eval", "scoreboard"): "as above",
    ("eval", "accept"): "replaces the committed baseline",
    ("eval", "labels"): "takes long",
}
"""Their own tests run them."""


def commands(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, name))
        else:
            assert isinstance(command, TyperCommand)
            yield (*path, name), command


ROOT = typer.main.get_command(app)
assert isinstance(ROOT, TyperGroup)
COMMANDS = dict(commands(ROOT))


def examples(path: tuple[str, ...]) -> list[tuple[list[str], str]]:
    """The words after `market-pulse`, and what is piped in."""
    found = []
    for line in (COMMANDS[path].help or "").splitlines():
        piped, name, called = line.strip().rpartition("market-pulse ")
        if name and (not piped or piped.startswith("echo ")):
            echoed = shlex.split(piped.rstrip("| "))[1] if piped else ""
            found.append((shlex.split(called), echoed))
    return found


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_an_example_that_is_right_usage(path: tuple[str, ...]) -> None:
    shown = examples(path)
    assert shown
    for words, _ in shown:
        assert tuple(words[: len(path)]) == path
        with COMMANDS[path].make_context(path[-1], words[len(path) :], resilient_parsing=False):
            pass


@pytest.mark.parametrize("path", [path for path in COMMANDS if path not in NOT_RUN], ids=" ".join)
def test_every_example_runs(
    run: Run, built_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    # Without it nothing is ever compacted, and the command that compacts says so.
    monkeypatch.setenv("MARKET_PULSE_MARKET_COMPACT_AFTER", "P30D")
    home = built_home
    if path[0] in {"keys", "knowledge", "market"} and path[1] not in {"search", "metrics"}:
        home = tmp_path / "home"
        shutil.copytree(built_home / "index", home / "index")
    _write_files(tmp_path)
    if path == ("market", "compact"):
        monkeypatch.setenv("MARKET_PULSE_MARKET_COMPACT_AFTER", "P30D")
    if path == ("knowledge", "remove"):
        run("knowledge", "add", "report-2024.pdf", home=home)
    for words, piped in examples(path):
        if "--refresh" in words or any(word.startswith("https://") for word in words):
            continue
        called = [key_id(home) if word == "1f2e3d4c" else word for word in words]
        done = run(*called, home=home, stdin=piped)
        assert done.returncode == 0, done.stderr


def key_id(home: Path) -> str:
    return Keyring.open(home, None).create("one", ["ask"])[0].id


def _write_files(folder: Path) -> None:
    """The files that the examples name."""
    (folder / "article.md").write_text("# Thin books\n\nOrder books are thin on Sundays.\n")
    write_pdf(folder / "report-2024.pdf", [["Liquidations rose in 2024."]])
    (folder / "candles-5m.csv").write_text(
        "ts_utc,symbol,open,high,low,close,volume\n"
        "2025-11-04T00:00:00Z,BTCUSDT,100,101,99,100,5\n2025-11-04T00:05:00Z,BTCUSDT,100,102,100,101,5\n"
    )
