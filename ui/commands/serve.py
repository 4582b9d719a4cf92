"""`market-pulse serve`: the chat at /, the API at /v1, MCP at /mcp, from one process."""

import sys
from contextlib import ExitStack
from typing import Annotated

import typer

from ui.context import home_of


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 7860,
    offline: Annotated[bool, typer.Option("--offline", help="Never use the network, even where it is there.")] = False,
) -> None:
    """Serve the chat and the API until stopped with Ctrl-C.

    Live data are pulled and streamed in the background, unless --offline or MARKET_PULSE_MARKET_LIVE=false
    forbids it; where there are none, imported data or the reconstruction are answered from, and named.

    Documents that are added, removed or synced meanwhile, by a command or in a watched folder, are answered from soon
    after.

    On any address but the loopback every request needs a key (market-pulse keys create).

    market-pulse serve --port 8080
    """
    from knowledge.settings import KnowledgeSettings
    from ui.app import build_app
    from ui.freshness import Freshness
    from ui.gate.gating import refuse_open_door
    from ui.keys import Keyring
    from ui.logs import log_warnings
    from ui.progress import index_progress
    from ui.server import listen, run
    from ui.serving import build_served
    from ui.settings import UiSettings

    log_warnings()
    home, settings = home_of(context), UiSettings()
    keyring = Keyring.open(home, settings.keys_url)
    # Before the index is built: whoever may not serve learns it at once.
    refuse_open_door(host, keyring)
    bound = listen(host, port)
    with index_progress() as progress:
        app = build_app(home, progress, lasting=True, writing=True)
    # The model loads with the first text it embeds: before the address is told, not while somebody waits.
    app.library.index.embedder.embed_one("What is leverage?")
    served = build_served(app, settings, keyring, host, port)
    status = app.market.status()
    venues = () if offline else app.market.venues
    network = f"live data from {', '.join(venues)}" if venues else "no live data are pulled"

    with ExitStack() as running:
        running.enter_context(app.market.serving())
        running.enter_context(Freshness(app, KnowledgeSettings().watch_seconds))

        def announce() -> None:
            sys.stdout.write(f"Market Pulse is at http://{host}:{port} (market data: {status.mode}; {network})\n")
            sys.stdout.flush()
            # Only now: nobody waits for a venue or for tidying up before the first answer.
            running.enter_context(app.market.tidying())
            if venues:
                running.enter_context(app.market.pulling())

        run(served, bound, announce, settings.shutdown_seconds)
