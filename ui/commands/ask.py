"""`market-pulse ask`: one question, one answer with its receipts, as text or as JSON."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.moments import as_of_option
from ui.context import home_of

if TYPE_CHECKING:
    from rag.question import Turn


def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(help="The question; left out, or '-', it is read from standard input.")
    ] = None,
    history: Annotated[
        str | None, typer.Option(help='Earlier turns as a JSON list: texts, or {"role", "content"} objects.')
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Answer with the market as it stood then (ISO 8601).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole Answer as JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also show how the answer came about.")] = False,
) -> None:
    """Answer QUESTION with numbered receipts.

    market-pulse ask "What are forced liquidations in crypto trading?"

    market-pulse ask "and for ETH?" --history '["How far is BTC below its high?"]' --json

    market-pulse ask "whats going on with btc" --explain

    echo "What is an insurance fund?" | market-pulse ask
    """
    from rag.question import Question
    from ui.app import build_app
    from ui.explain import explained_json, explained_text
    from ui.progress import index_progress
    from ui.render import answer_text

    asked = Question.ask(_text(question), _turns(history), as_of_option(as_of))
    with index_progress() as progress:
        app = build_app(home_of(context), progress)
    if explain:
        explained = app.explain(asked)
        sys.stdout.write((explained_json(explained) if as_json else explained_text(explained)) + "\n")
        return
    answer = app.ask(asked)
    sys.stdout.write((answer.model_dump_json(indent=2) if as_json else answer_text(answer)) + "\n")


def _text(question: str | None) -> str:
    if question not in {None, "-"}:
        return question or ""
    piped = "" if sys.stdin.isatty() else sys.stdin.read()
    if question is None and not piped.strip():
        raise typer.BadParameter("Missing argument: give the question, or pipe it in", param_hint="QUESTION")
    return piped


def _turns(history: str | None) -> "list[Turn | str]":
    from rag.question import Turn

    if history is None:
        return []
    try:
        given = json.loads(history)
        if not isinstance(given, list):
            raise TypeError(f"it is {json.dumps(given)[:40]}")
        return [item if isinstance(item, str) else Turn.model_validate(item) for item in given]
    except (ValueError, TypeError) as error:
        problem = "is not a JSON list of texts or of {role, content} objects"
        raise typer.BadParameter(f"{problem}: {str(error).splitlines()[0]}", param_hint="--history") from error
