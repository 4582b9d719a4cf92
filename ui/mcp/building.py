"""Puts the MCP server together, and its HTTP transport beside the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import Resource

from ui.app import App
from ui.articles import article, listed
from ui.errors import UnknownArticle
from ui.mcp.tools import add_tools
from ui.settings import UiSettings

_SCHEME = "market-pulse://articles"
_MARKDOWN = "text/markdown"


class _Articles(MCPServer[Any]):
    """Lists the documents that `app` answers from when it is asked, not those that it started with."""

    def __init__(self, app: App) -> None:
        super().__init__(
            name="market-pulse",
            title="Market Pulse",
            instructions=(
                "Answers about crypto market crashes: liquidations, leverage, funding, cascades, historic crashes. "
                "Every number carries a receipt; quote it with its source and date. It explains and never advises."
            ),
            version="1",
            log_level="WARNING",
        )
        self._app = app

    async def list_resources(self) -> list[Resource]:
        return [
            Resource(
                uri=f"{_SCHEME}/{one.slug}",
                name=one.slug,
                title=one.title,
                description=f"{one.kind}: {one.title}",
                mime_type=_MARKDOWN,
            )
            for one in listed(self._app.library.index)
        ]


def build_mcp(app: App, settings: UiSettings) -> MCPServer[Any]:
    """Tools, and every document as a resource."""
    server = _Articles(app)
    add_tools(server, app, settings)

    def text(slug: str) -> str:
        try:
            return article(app.library.index, slug).text
        except UnknownArticle as error:
            raise ResourceNotFoundError(str(error)) from error

    server.resource(f"{_SCHEME}/{{slug}}", name="article", mime_type=_MARKDOWN)(text)
    return server


def mount_mcp(api: FastAPI, server: MCPServer[Any], settings: UiSettings) -> None:
    """Serves `server` at /mcp of `api`, without sessions, so that any replica answers any request."""
    transport = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=settings.body_bytes,
        # Host and Origin are the gate's to look at, which stands before this as before everything else.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    api.router.routes.extend(transport.routes)
    before = api.router.lifespan_context

    @asynccontextmanager
    async def both(served: FastAPI) -> AsyncIterator[Any]:
        async with before(served) as state, server.session_manager.run():
            yield state

    api.router.lifespan_context = both
