"""The command line: finds the home, hands each word to its command, and turns known errors into one line."""

import os
import sys
from pathlib import Path
from typing import Annotated, cast

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

# Typer names only some of its errors; this one is the root of all that are about the words of a command.
_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])


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
        code = app(prog_name="market-pulse", standalone_mode=False)
    except typer.Abort:
        sys.exit(1)
    except _UsageError as error:
        if error.format_message():  # without words a command has shown its help already
            sys.stderr.write(f"Error: {_wrong_usage(error)}\n")
        sys.exit(2)
    except Exception as error:
        from ui.wrongsettings import wrong_setting

        said = wrong_setting(error) or _wrong_place(error) or (str(error) if _is_known(error) else None)
        if said is None:
            raise
        sys.stderr.write(f"Error: {said}\n")
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _wrong_usage(error: typer.BadParameter) -> str:
    """What is wrong with the words of the command, and where its help is."""
    command = error.ctx.command_path if error.ctx else "market-pulse"
    return f"{' '.join(error.format_message().split()).rstrip('.')}; see '{command} --help'"


def _wrong_place(error: Exception) -> str | None:
    """Which file or folder cannot be used, if that is what happened."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}; check the path, or take another folder with --home"
    return None


def _is_known(error: Exception) -> bool:
    """Whether `error` is one of the rooms' own, whose message already says what to do."""
    names = {"KnowledgeError", "MarketError", "RagError", "EvalError", "UiError"}
    return any(base.__name__ in names and base.__module__.endswith(".errors") for base in type(error).__mro__)
