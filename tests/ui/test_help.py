"""Help is there for every command, and looking at it loads nothing heavy."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("ask",),
        ("serve",),
        ("doctor",),
        ("knowledge",),
        ("knowledge", "add"),
        ("market",),
        ("calc",),
        ("eval",),
        ("eval", "run"),
    ],
)
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", "ui", *words, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    heavy = (
        "torch, chromadb, gradio, ibis, pandas, langchain_core, sentence_transformers, fastapi, uvicorn, starlette, "
        "sqlalchemy, limits, prometheus_client, mcp, plotly, ccxt, numpy, yaml"
    )
    code = (
        "import sys, ui.cli; "
        f"loaded = [name for name in '{heavy}'.split(', ') if name in sys.modules]; "
        "sys.exit(', '.join(loaded) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
