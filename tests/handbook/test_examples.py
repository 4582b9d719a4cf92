"""The examples of `docs/api.md` run as they stand against a live server; only its address is filled in."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handbook.__main__ import DOCS
from tests.ui.serving import serving
from ui.app import App

_BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = _BLOCK.findall((DOCS / "api.md").read_text("utf-8"))


@pytest.mark.parametrize(("language", "code"), BLOCKS, ids=[f"{n}-{one[0]}" for n, one in enumerate(BLOCKS)])
def test_an_example_runs_and_prints_what_was_asked_for(app: App, home: Path, language: str, code: str) -> None:
    with serving(app, home) as address:
        filled = code.replace("http://127.0.0.1:7860", address)
        words = ["bash", "-euc", filled] if language == "bash" else [sys.executable, "-c", filled]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert '"status":4' not in done.stdout.replace(" ", "")


def test_every_way_in_has_an_example() -> None:
    shown = "".join(code for _, code in BLOCKS)
    assert [way for way in ("curl", "httpx", "openai", "mcp.client") if way not in shown] == []
    assert json.loads(re.findall(r"-d '(\{.*?\})'", shown)[1])["stream"] is True
