"""`market-pulse keys`: the keys that a server reachable from elsewhere asks for."""

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ui.context import home_of

if TYPE_CHECKING:
    from ui.keys import Keyring, Scope

app = typer.Typer(help="Keys for a server that others can reach.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Whose key it is, for you to recognise it.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="ask, read or admin; may be repeated. Left out: ask and read. admin holds the others."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once; only a hash of it is kept.

    market-pulse keys create newsroom

    market-pulse keys create dashboard --scope read --json
    """
    key, shown = _keyring(context).create(name, _scopes(scope or ["ask", "read"]))
    if as_json:
        sys.stdout.write(json.dumps({**key.model_dump(mode="json"), "key": shown}, indent=2) + "\n")
        return
    sys.stdout.write(f"{shown}\n")
    sys.stderr.write(f"key {key.id} for {name}, with {' and '.join(key.scopes)}; it is not shown again\n")


@app.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List every key that was made, without the keys themselves.

    market-pulse keys list
    """
    keys = _keyring(context).keys()
    if as_json:
        sys.stdout.write(json.dumps([key.model_dump(mode="json") for key in keys], indent=2) + "\n")
        return
    for key in keys:
        state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else "valid"
        sys.stdout.write(
            f"{key.id}  {','.join(key.scopes):<15} {key.created_at:%Y-%m-%d %H:%M}  {state:<24} {key.name}\n"
        )


@app.command()
def revoke(
    context: typer.Context, key_id: Annotated[str, typer.Argument(metavar="ID", help="The id that 'list' shows.")]
) -> None:
    """End a key, and the sessions of browsers that signed in with it, at once.

    market-pulse keys revoke 1f2e3d4c
    """
    _keyring(context).revoke(key_id)
    sys.stdout.write(f"revoked {key_id}\n")


def _scopes(words: Sequence[str]) -> "list[Scope]":
    from ui.keys import SCOPES

    known = {str(scope): scope for scope in SCOPES}
    unknown = [word for word in words if word not in known]
    if unknown:
        raise typer.BadParameter(f"'{unknown[0]}' is not one of {', '.join(known)}", param_hint="--scope")
    return [known[word] for word in words]


def _keyring(context: typer.Context) -> "Keyring":
    from ui.keys import Keyring
    from ui.settings import UiSettings

    return Keyring.open(home_of(context), UiSettings().keys_url)
