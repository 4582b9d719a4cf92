"""`market-pulse eval`: how good the answers are, over committed cases or your own, and whether a change helped."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.context import home_of

if TYPE_CHECKING:
    from eval.runner import Examiner
    from ui.app import App

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
    judge: Annotated[
        str | None, typer.Option(help="Also let this language model judge (provider:model); advisory, in judge.json.")
    ] = None,
) -> None:
    """Ask every case, score every answer, print a table and write JSON.

    The same command with the same --out continues a run that was interrupted.

    market-pulse eval run --out runs/today
    """
    from eval.case import COMMITTED, load_cases
    from eval.ground import ground_of
    from eval.run import write_run
    from eval.runner import forget_partial, run_cases
    from eval.summary import summarise
    from knowledge.settings import KnowledgeSettings
    from ui.app import build_app
    from ui.evaltables import print_summary
    from ui.progress import counted, index_progress

    home = home_of(context)
    chosen = load_cases(cases or COMMITTED)
    folder = out or home / "runs" / f"{datetime.now(tz=UTC):%Y%m%dT%H%M%SZ}"
    with index_progress() as progress:
        house = build_app(home, progress)
    ground = ground_of(house.library.index, house.market, house.rag_settings, KnowledgeSettings(), chosen)
    finished, timings = run_cases(
        chosen, ground, _examiner(house), folder, lambda left: counted(left, f"Asking {len(left)} cases")
    )
    path = write_run(finished, timings, folder)
    forget_partial(folder)
    summary = summarise(finished, timings)
    if as_json:
        sys.stdout.write(summary.model_dump_json(indent=2) + "\n")
    else:
        print_summary(summary)
    sys.stderr.write(f"written: {path}\n")
    if judge:
        from eval.judge import judge_run

        sys.stderr.write(f"written: {judge_run(finished, judge, folder)} (advisory; never part of the gate)\n")


@app.command()
def compare(
    run_a: Annotated[Path, typer.Argument(help="The earlier run: its folder or run.json.")],
    run_b: Annotated[Path, typer.Argument(help="The later run.")],
    gate: Annotated[Path | None, typer.Option(help="Gate file (default: eval/gate.yaml).")] = None,
    across: Annotated[
        bool, typer.Option("--across-corpora", help="Compare although knowledge or market data differ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Compare two runs case by case; exit 1 if the gate does not let RUN_B through.

    market-pulse eval compare eval/baseline runs/today
    """
    from eval.comparing import compare as compared
    from eval.gate import COMMITTED_GATE, load_gate
    from eval.run import read_run
    from ui.evaltables import print_comparison

    later = read_run(run_b)
    found = compared(read_run(run_a), later, load_gate(gate or COMMITTED_GATE), across_grounds=across)
    if as_json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    else:
        print_comparison(found, later)
    if not found.passed:
        raise typer.Exit(1)


@app.command()
def report(
    run_: Annotated[Path, typer.Argument(metavar="RUN", help="A run: its folder or run.json.")],
    beside: Annotated[Path | None, typer.Option(help="An earlier run to show side by side.")] = None,
    out: Annotated[Path | None, typer.Option(help="The page to write (default: report.html beside the run).")] = None,
) -> None:
    """Write one self-contained HTML page about RUN: scores, worst cases first, reasons, filters.

    market-pulse eval report runs/today --beside runs/yesterday
    """
    from eval.reporting.page import write_page
    from eval.run import read_run, read_timings

    folder = run_ if run_.is_dir() else run_.parent
    earlier = read_run(beside) if beside else None
    path = write_page(read_run(run_), read_timings(run_), earlier, out or folder / "report.html")
    sys.stdout.write(f"{path}\n")


@app.command()
def scoreboard(run_: Annotated[Path, typer.Argument(metavar="RUN", help="A run: its folder or run.json.")]) -> None:
    """Print the scores of RUN as a Markdown table, for the README.

    market-pulse eval scoreboard runs/today
    """
    from eval.run import read_run, read_timings
    from eval.scoreboard import scoreboard as made
    from eval.summary import summarise

    finished = read_run(run_)
    sys.stdout.write(made(summarise(finished, read_timings(run_)), finished.ground))


@app.command()
def accept(
    run_: Annotated[Path, typer.Argument(metavar="RUN", help="The run that later ones are held to.")],
    baseline: Annotated[Path | None, typer.Option(help="Folder of the baseline (default: eval/baseline).")] = None,
) -> None:
    """Make RUN the baseline: its scores without answers and traces, small enough to commit.

    market-pulse eval accept runs/today
    """
    from eval.gate import COMMITTED_BASELINE
    from eval.run import read_run, write_slim

    sys.stdout.write(f"{write_slim(read_run(run_), baseline or COMMITTED_BASELINE)}\n")


@app.command()
def labels(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Print how far the check of statements in other words, and the verification of claims, can be trusted.

    market-pulse eval labels
    """
    from eval.claims import CLAIMS_OF_ARTICLES, load_claims, verification
    from eval.labels import agreements, load_pairs
    from knowledge.embedding import Embedder
    from rag.meaning.comparing import Meaning
    from rag.verifying import THRESHOLD, Support, Verifier
    from ui.evaltables import print_agreement, print_verification

    embed = Embedder.packaged().embed
    found = agreements(load_pairs(), Meaning(embed))
    articles = load_claims(CLAIMS_OF_ARTICLES)
    verified = verification(load_claims(), articles, Verifier(Support(embed)), THRESHOLD)
    if as_json:
        both = {"statements": found.model_dump(mode="json"), "claims": verified.model_dump(mode="json")}
        sys.stdout.write(json.dumps(both, indent=2) + "\n")
    else:
        print_agreement(found)
        print_verification(verified)


@app.command()
def gaps(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, help="Look back so many days.")] = 30,
    top: Annotated[int, typer.Option(min=1, help="How many clusters.")] = 20,
    csv: Annotated[Path | None, typer.Option(help="Write the clusters to this CSV file.")] = None,
    stub: Annotated[
        Path | None, typer.Option(help="Write FAQ stubs of the clusters to this YAML file, to be completed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Cluster the real questions that went unanswered or were rated badly, by meaning.

    market-pulse eval gaps --stub faq-stubs.yaml
    """
    from eval.gaps import clusters, gap_lines, write_csv, write_stubs
    from rag.settings import RagSettings
    from ui.app import open_library, open_question_log
    from ui.evaltables import print_gaps

    home = home_of(context)
    log = open_question_log(home, RagSettings())
    asked = log.unanswered(days) if log else []
    found = clusters(asked, open_library(home).index.embedder.embed)[:top]
    if csv:
        write_csv(found, csv)
        sys.stderr.write(f"written: {csv}\n")
    if stub:
        write_stubs(found, stub)
        sys.stderr.write(f"written: {stub}\n")
    if as_json:
        sys.stdout.write(gap_lines(found))
    else:
        print_gaps(found, days, logged=log is not None)


def _examiner(house: "App") -> "Examiner":
    from eval.runner import Examiner
    from eval.shelf import shelf_of
    from rag.meaning.comparing import Meaning

    index = house.library.index
    return Examiner(house.explain, Meaning(index.embedder.embed), shelf_of(index.passages(), house.library.events))
