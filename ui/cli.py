"""The command line: finds the home, hands each word to its command, and turns known errors into one line."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ui.commands import ask, calc, doctor, evals, keys, knowledge, market, mcp, serve
from ui.context import CliContext

app = typer.Typer(
    name="market-pulse",
    help="Answers about crypto market crashes in which every number has a receipt.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
app.command("serve")(serve.serve)
app.command("ask")(ask.ask)
app.command("mcp")(mcp.mcp)
app.command("doctor")(doctor.doctor)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(market.app, name="market")
app.add_typer(calc.app, name="calc")
app.add_typer(evals.app, name="eval")
app.add_typer(keys.app, name="keys")


@app.callback()
def begin(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="Folder that holds all state.", envvar="MARKET_PULSE_HOME", file_okay=False),
    ] = None,
) -> None:
    if home is None:
        from platformdirs import user_data_path

        home = user_data_path("market-pulse", appauthor=False)
    context.obj = CliContext(home=home)


def main() -> None:
    """The console script. Exit codes: 0 done, 1 the thing asked for failed, 2 wrong usage."""
    # Before anything is imported that reads them: no part may phone out, and no hub is asked for weights.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    try:
        app()
    except Exception as error:
        from ui.wrongsettings import wrong_setting

        said = wrong_setting(error) or (error if _is_known(error) else None)
        if said is None:
            raise
        sys.stderr.write(f"Error: {said}\n")
        sys.exit(1)


def _is_known(error: Exception) -> bool:
    """Whether `error` is one of the rooms' own, whose message already says what to do."""
    names = {"KnowledgeError", "MarketError", "RagError", "EvalError", "UiError"}
    return any(base.__name__ in names and base.__module__.endswith(".errors") for base in type(error).__mro__)
