"""`market-pulse serve`: the chat at /, the API at /v1, from one process."""

import sys
from typing import Annotated

import typer

from ui.context import CliContext


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 7860,
    offline: Annotated[bool, typer.Option("--offline", help="Never use the network, even where it is there.")] = False,
) -> None:
    """Serve the chat and the API until stopped with Ctrl-C.

    market-pulse serve --port 8080
    """
    from ui.api import build_api
    from ui.app import build_app
    from ui.pages.site import mount_pages
    from ui.progress import index_progress
    from ui.server import listen, run

    home = context.find_object(CliContext)
    assert home is not None  # noqa: S101 - the callback of the command line always sets it
    bound = listen(host, port)
    with index_progress() as progress:
        app = build_app(home.home, progress, writing=True)
    # The model loads with the first text it embeds: before the address is told, not while somebody waits.
    app.library.index.embedder.embed_one("What is leverage?")
    served = mount_pages(build_api(app), app, host, port)
    status = app.market.status()
    network = "the network is not used" if offline else "no live feeds are set up"

    def announce() -> None:
        sys.stdout.write(f"Market Pulse is at http://{host}:{port} (market data: {status.mode}; {network})\n")
        sys.stdout.flush()

    with app.market.serving():
        run(served, bound, announce)
