"""`market-pulse mcp`: the tools for an agent on this machine, over standard input and output."""

import typer

from ui.context import home_of


def mcp(context: typer.Context) -> None:
    """Serve tools and articles to an agent over standard input and output (MCP).

    An agent starts this command itself; a running `serve` offers the same at /mcp. Documents that are added, removed or
    synced meanwhile are there soon after.

    market-pulse mcp
    """
    from knowledge.settings import KnowledgeSettings
    from ui.app import build_app
    from ui.freshness import Freshness
    from ui.logs import log_warnings
    from ui.mcp.building import build_mcp
    from ui.progress import index_progress
    from ui.settings import UiSettings

    log_warnings()
    with index_progress() as progress:
        app = build_app(home_of(context), progress, lasting=True)
    with Freshness(app, KnowledgeSettings().watch_seconds):
        build_mcp(app, UiSettings()).run("stdio")
