"""`market-pulse doctor`: checks every part and names the command that mends what is wrong."""

import json
import sys
from typing import Annotated

import typer

from ui.context import home_of


def doctor(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port that `serve` would listen on.")] = 7860,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Check settings, disk, port, model, documents, index and market store; exit 1 if one of them is broken.

    market-pulse doctor
    """
    from ui.doctor import examine

    findings = list(examine(home_of(context), port))
    if as_json:
        sys.stdout.write(json.dumps([finding.model_dump() for finding in findings], indent=2) + "\n")
    else:
        for finding in findings:
            sys.stdout.write(f"{finding.severity:<8} {finding.check:<10} {finding.message}\n")
            if finding.remedy:
                sys.stdout.write(f"{'':<19} -> {finding.remedy}\n")
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)
