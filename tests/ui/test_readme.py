"""The examples of the README's API section run as they stand, against a server on a port of its own."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.serving import serving
from ui.app import App

README = Path(__file__).parents[2] / "README.md"
SECTION = README.read_text("utf-8").partition("## The API\n")[2].partition("\n## ")[0]
SHELL = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
ADDRESS = "http://127.0.0.1:7860"


def test_the_curl_commands_give_what_they_promise(app: App, home: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (script,) = SHELL
    commands = script.replace("\\\n", " ").strip().splitlines()
    with serving(app, home) as address:
        replies = [
            subprocess.run(
                ["sh", "-c", command.replace(ADDRESS, address)], capture_output=True, text=True, check=True
            ).stdout
            for command in commands
        ]
    answer, stream, reading, calculation = replies
    assert json.loads(answer)["status"] == "answered"
    assert stream.startswith("event: claim\n")
    assert "\nevent: answer\n" in stream
    assert json.loads(reading)["metric"] == "max_drawdown"
    assert json.loads(calculation)["calculation"] == "liquidation-price"


@pytest.mark.parametrize(
    ("number", "says"), [(0, "reading"), (1, "https://"), (2, "search_knowledge")], ids=["httpx", "openai", "mcp"]
)
def test_the_python_examples_run(app: App, home: Path, number: int, says: str) -> None:
    assert len(PYTHON) == 3
    with serving(app, home) as address:
        done = subprocess.run(
            [sys.executable, "-c", PYTHON[number].replace(ADDRESS, address)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
