"""`market-pulse eval`: how good the answers are, over committed cases or your own."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.context import CliContext

if TYPE_CHECKING:
    from eval.summary import Summary

app = typer.Typer(help="Measure the quality of answers.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure the quality of answers."""


@app.command()
def run(
    context: typer.Context,
    cases: Annotated[Path | None, typer.Option(help="A .jsonl file of cases, or a folder of them.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for run.json and timings.json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Ask every case, score every answer, print a table and write JSON.

    market-pulse eval run --out runs/today
    """
    from eval.case import COMMITTED, load_cases
    from eval.runner import Run, run_case, write_run
    from eval.summary import summarise
    from ui.app import build_app
    from ui.progress import counted, index_progress

    home = context.find_object(CliContext)
    assert home is not None  # noqa: S101 - the callback of the command line always sets it
    chosen = load_cases(cases or COMMITTED)
    with index_progress() as progress:
        app_ = build_app(home.home, progress)
    done = [run_case(case, app_.ask) for case in counted(chosen, "Asking")]
    status = app_.market.status()
    finished = Run(
        corpus_fingerprint=app_.library.index.fingerprint,
        data_mode=status.mode,
        data_source=status.source,
        as_of=status.as_of,
        model="composer",
        results=tuple(result for result, _ in done),
    )
    timings = [taken for _, taken in done]
    folder = out or home.home / "runs" / f"{datetime.now(tz=UTC):%Y%m%dT%H%M%SZ}"
    path = write_run(finished, timings, folder)
    summary = summarise(finished, timings)
    if as_json:
        sys.stdout.write(summary.model_dump_json(indent=2) + "\n")
    else:
        _print(summary)
    sys.stderr.write(f"written: {path}\n")


def _print(summary: "Summary") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Answer quality")
    for heading in (
        "kind",
        "cases",
        "status",
        "facts",
        "unsupported",
        "citations",
        "clean",
        "advice",
        "errors",
    ):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    for row in summary.rows:
        table.add_row(
            row.group,
            str(row.cases),
            _rate(row.status_right),
            _rate(row.facts_found),
            str(row.unsupported_numbers),
            _rate(row.citation_precision),
            _rate(row.nothing_forbidden),
            str(row.advice_given),
            str(row.errors),
            end_section=row is summary.rows[-2],
        )
    console = Console(width=110 if not sys.stdout.isatty() else None)
    console.print(table)
    console.print(
        f"abstention precision {_rate(summary.abstention_precision)}, recall {_rate(summary.abstention_recall)}; "
        f"over-refusal {_rate(summary.over_refusal_rate)}; "
        f"latency p50 {summary.latency_p50_ms} ms, p95 {summary.latency_p95_ms} ms"
    )
    console.print(f"numbers without a receipt: {summary.rows[-1].unsupported_numbers}")


def _rate(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"
