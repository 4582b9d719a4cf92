"""`market-pulse knowledge`: add documents, sync the index, list, check and search what is known."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.context import home_of

if TYPE_CHECKING:
    from knowledge.library import Library

app = typer.Typer(help="Articles, FAQ, glossary and events: what answers are made of.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Files, folders or URLs.")],
) -> None:
    """Add documents of your own and bring the index up to date.

    Reads Markdown, plain text, HTML, PDF, RSS and Atom, and questions with answers in CSV, JSON or YAML.

    market-pulse knowledge add article.md report-2024.pdf

    market-pulse knowledge add https://example.org/feed.xml
    """
    library = _library(context)
    documents = library.shelf.add(sources, library.fetcher)
    _sync(library)
    for document in documents:
        sys.stdout.write(f"added {document.slug}: {document.title} ({len(document.sections)} sections)\n")
        for remark in document.remarks:
            sys.stderr.write(f"{document.slug}: {remark}\n")


@app.command()
def remove(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="What was added: paths, URLs or slugs.")],
) -> None:
    """Forget documents that were added; files stay where they are.

    market-pulse knowledge remove report-2024
    """
    library = _library(context)
    gone = library.shelf.remove(sources)
    _sync(library)
    for source in gone:
        sys.stdout.write(f"removed {source}\n")


@app.command()
def sync(
    context: typer.Context,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask the servers of added URLs what changed.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build the index anew beside the old one.")] = False,
) -> None:
    """Bring the index up to the documents: new and changed ones are embedded, gone ones removed.

    market-pulse knowledge sync

    market-pulse knowledge sync --refresh
    """
    library = _library(context)
    failed = library.shelf.refresh(library.fetcher) if refresh else []
    _sync(library, rebuild=rebuild)
    for skipped in failed:
        sys.stderr.write(f"not refreshed: {skipped.reason}\n")


@app.command()
def export(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; standard output otherwise.")] = None,
) -> None:
    """Write every document with its sections and sources, one JSON object a line.

    market-pulse knowledge export --out shelf.jsonl
    """
    lines = (document.model_dump_json() + "\n" for document in _library(context).documents())
    if out is None:
        sys.stdout.writelines(lines)
        return
    with out.open("w", encoding="utf-8") as file:
        file.writelines(lines)


@app.command("list")
def list_(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List every document with its kind, sections and date.

    market-pulse knowledge list
    """
    library = _library(context)
    rows = [
        {
            "slug": document.slug,
            "kind": document.kind,
            "title": document.title,
            "sections": len(document.sections),
            "updated": document.updated.isoformat(),
            "source": document.origin,
        }
        for document in library.documents()
    ]
    _say_what_was_left_out(library)
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    for row in rows:
        sys.stdout.write(
            f"{row['kind']:<9} {row['slug']:<44} {row['sections']:>3} sections  {row['updated']}  {row['title']}\n"
        )


@app.command()
def check(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
) -> None:
    """Read every document as a strict editor would: file, line, what is wrong and what to do; change nothing.

    Looks at format, dead links, sources, unsafe hosts, amounts that disagree with the events' figures, sentences that
    are hard to read, and sections that repeat others. Exits 1 if there is an error.

    market-pulse knowledge check
    """
    library = _library(context)
    findings = library.check()
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        sys.stdout.write(json.dumps([finding.model_dump() for finding in findings], indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{finding}\n" for finding in findings)
    _say_what_was_left_out(library)
    if any(finding.rule == "format" for finding in findings):
        sys.stderr.write("nothing else is checked before these files can be read\n")
    elif not as_json:
        documents = library.documents()
        sections = sum(len(document.sections) for document in documents)
        figures = sum(len(event.figures) for event in library.events)
        sys.stdout.write(
            f"{len(documents)} documents, {sections} sections, {len(library.events)} events, {figures} figures: "
            f"{errors} errors, {len(findings) - errors} warnings\n"
        )
    if errors or (strict and findings):
        raise typer.Exit(1)


@app.command()
def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Find the passages that answer QUERY best.

    market-pulse knowledge search "who gets my margin" -k 5
    """
    from ui.search import search_results

    library = _library(context)
    if not len(library.index):
        _sync(library)
    results = search_results(library.index, query, k)
    if as_json:
        sys.stdout.write(json.dumps({"query": query, "results": results}, indent=2, ensure_ascii=False) + "\n")
        return
    for result in results:
        sys.stdout.write(f"{result['score']:.3f}  {result['id']}\n       {str(result['text'])[:160]}\n")


def _library(context: typer.Context) -> "Library":
    from ui.app import open_library

    return open_library(home_of(context))


def _sync(library: "Library", *, rebuild: bool = False) -> None:
    from ui.progress import index_progress

    with index_progress() as progress:
        report = library.rebuild(progress) if rebuild else library.sync(progress)
    sys.stderr.write(
        f"index: {report.embedded} vectors embedded, {report.ready} ready-made, {report.moved} moved, "
        f"{report.removed} removed, {report.unchanged} unchanged, {report.passages} passages\n"
    )
    _say_what_was_left_out(library)


def _say_what_was_left_out(library: "Library") -> None:
    for skipped in library.shelf.skipped:
        sys.stderr.write(f"skipped: {skipped.reason}\n")
