"""`market-pulse knowledge`: add documents, sync the index, list, check and search what is known."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.context import CliContext

if TYPE_CHECKING:
    from knowledge.library import Library

app = typer.Typer(help="Articles, FAQ, glossary and events: what answers are made of.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="Files or folders (.md, .txt, FAQ .yaml).")],
) -> None:
    """Add documents of your own and bring the index up to date.

    market-pulse knowledge add ~/newsroom/articles
    """
    from knowledge.errors import UnsupportedSource

    library = _library(context)
    urls = [path for path in paths if "://" in path]
    if urls:
        raise UnsupportedSource(
            f"{urls[0]}: URLs cannot be read yet; save the page as Markdown or text and add the file"
        )
    documents = library.shelf.add([Path(path) for path in paths])
    _sync(library)
    for document in documents:
        sys.stdout.write(f"added {document.slug}: {document.title} ({len(document.sections)} sections)\n")


@app.command()
def sync(context: typer.Context) -> None:
    """Bring the index up to the documents: new and changed ones are embedded, gone ones removed."""
    _sync(_library(context))


@app.command("list")
def list_(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List every document with its kind, sections and date."""
    rows = [
        {
            "slug": document.slug,
            "kind": document.kind,
            "title": document.title,
            "sections": len(document.sections),
            "updated": document.updated.isoformat(),
            "source": document.origin,
        }
        for document in _library(context).documents()
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    for row in rows:
        sys.stdout.write(
            f"{row['kind']:<9} {row['slug']:<44} {row['sections']:>3} sections  {row['updated']}  {row['title']}\n"
        )


@app.command()
def check(context: typer.Context) -> None:
    """Read every document and say the first fault, with file, line and field; change nothing."""
    library = _library(context)
    documents = library.documents()
    sections = sum(len(document.sections) for document in documents)
    figures = sum(len(event.figures) for event in library.events)
    sys.stdout.write(
        f"{len(documents)} documents, {sections} sections, {len(library.events)} events, {figures} figures: all valid\n"
    )


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

    home = context.find_object(CliContext)
    assert home is not None  # noqa: S101 - the callback of the command line always sets it
    return open_library(home.home)


def _sync(library: "Library") -> None:
    from ui.progress import index_progress

    with index_progress() as progress:
        report = library.sync(progress)
    sys.stderr.write(
        f"index: {report.embedded} vectors embedded, {report.removed} removed, {report.unchanged} unchanged, "
        f"{report.passages} passages\n"
    )
