"""The official MCP client against both transports: standard input and output of the command, and /mcp of the server."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client, Transport
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, TextResourceContents

from market.calculators import calculate
from rag.answer import Answer
from tests.guard.outside import guarded_environment
from tests.ui.beside import cli
from tests.ui.serving import serving
from ui.app import App
from ui.keys import Keyring

TOOLS = {"ask", "search_knowledge", "get_metric", "list_metrics", "calculate", "list_events", "get_article"}
LONG: dict[str, float | str] = {"side": "long", "entry": 100_000, "leverage": 10}


async def use_everything(client: Client) -> None:
    """What an agent does with every tool and with the articles."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == TOOLS
    assert all(tool.output_schema and tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
    assert "liquidation-price" in str(tools["calculate"].input_schema)

    answer = Answer.model_validate(structured(await client.call_tool("ask", {"question": "What is leverage?"})))
    assert answer.status == "answered"
    assert answer.evidence
    history = [{"role": "user", "content": "How far is BTC below its all-time high right now?"}]
    asked = {"question": "and for ETH?", "history": history, "as_of": "2025-11-04T21:00:00Z"}
    follow_up = Answer.model_validate(structured(await client.call_tool("ask", asked)))
    assert "ETH" in follow_up.standalone_question
    assert follow_up.data.as_of.isoformat() == "2025-11-04T21:00:00+00:00"

    found = structured(await client.call_tool("search_knowledge", {"query": "who gets my margin", "k": 2}))
    assert len(found["results"]) == 2
    names = [metric["name"] for metric in structured(await client.call_tool("list_metrics"))["metrics"]]
    assert "max_drawdown" in names
    wanted = {"name": "distance_to_level", "asset": "BTC", "params": {"level": "95000"}}
    assert "95,000" in structured(await client.call_tool("get_metric", wanted))["formula"]
    worked = structured(await client.call_tool("calculate", {"calculator": "liquidation-price", "inputs": LONG}))
    assert worked == calculate("liquidation-price", LONG).model_dump(mode="json")
    assert len(structured(await client.call_tool("list_events"))["events"]) >= 22

    whole = structured(await client.call_tool("get_article", {"slug": found["results"][0]["slug"]}))
    assert whole["text"].startswith(f"# {whole['title']}")
    uri = f"market-pulse://articles/{whole['slug']}"
    assert uri in {str(resource.uri) for resource in (await client.list_resources()).resources}
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    assert (content.text, content.mime_type) == (whole["text"], "text/markdown")
    with pytest.raises(MCPError, match="no document 'nothing'"):
        await client.read_resource("market-pulse://articles/nothing")

    for name, wrong, says in (
        ("ask", {"question": " "}, "the question is empty"),
        ("get_metric", {"name": "luck"}, "max_drawdown"),
        ("get_metric", {"name": "price", "window": "soon"}, "24h"),
        ("calculate", {"calculator": "pnl", "inputs": {"side": "up"}}, "entry"),
        ("get_article", {"slug": "nothing"}, "search_knowledge"),
        ("search_knowledge", {"query": "margin", "k": 0}, "greater than or equal to 1"),
    ):
        refused = await client.call_tool(name, wrong)
        assert refused.is_error
        assert says in str(refused.content)


def structured(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def over(server: Transport | StdioServerParameters | str, use: Callable[[Client], Awaitable[None]]) -> None:
    async def main() -> None:
        async with Client(server) as client:
            await use(client)

    asyncio.run(main())


def test_an_agent_uses_everything_over_standard_input_and_output(built_home: Path, tmp_path: Path) -> None:
    attempts = tmp_path / "outside.log"
    command = str(Path(sys.executable).with_name("market-pulse"))
    environment = {**os.environ, **guarded_environment(attempts)}
    started = StdioServerParameters(command=command, args=["--home", str(built_home), "mcp"], env=environment)
    over(started, use_everything)
    assert not attempts.exists(), attempts.read_text()


def test_an_agent_uses_everything_over_http(app: App, home: Path) -> None:
    with serving(app, home) as address:
        over(f"{address}/mcp", use_everything)


def test_what_is_added_while_an_agent_is_connected_is_listed_and_read(built_home: Path, tmp_path: Path) -> None:
    own = tmp_path / "home"
    for part in ("index", "examples"):
        shutil.copytree(built_home / part, own / part)
    note = tmp_path / "tulip-auction.md"
    note.write_text("# The tulip auction\n\nA tulip auction closes at noon.\n")
    environment = {**os.environ, "MARKET_PULSE_KNOWLEDGE_WATCH_SECONDS": "0.2"}
    command = str(Path(sys.executable).with_name("market-pulse"))
    started = StdioServerParameters(command=command, args=["--home", str(own), "mcp"], env=environment)
    uri = "market-pulse://articles/tulip-auction"

    async def follow(client: Client) -> None:
        async def listed() -> bool:
            return uri in {str(resource.uri) for resource in (await client.list_resources()).resources}

        assert not await listed()
        await asyncio.to_thread(cli, own, "knowledge", "add", str(note))
        for _ in range(300):
            if await listed():
                break
            await asyncio.sleep(0.1)
        (content,) = (await client.read_resource(uri)).contents
        assert isinstance(content, TextResourceContents)
        assert "closes at noon" in content.text
        await asyncio.to_thread(cli, own, "knowledge", "remove", "tulip-auction")
        for _ in range(300):
            if not await listed():
                return
            await asyncio.sleep(0.1)
        pytest.fail("what was removed is still listed")

    over(started, follow)


def test_over_http_the_key_decides_which_tools_may_be_used(app: App, home: Path) -> None:
    keyring = Keyring.open(home, None)
    shown = {scope: keyring.create(scope, [scope])[1] for scope in ("read", "admin")}

    async def look_up(client: Client) -> None:
        assert not (await client.call_tool("search_knowledge", {"query": "margin"})).is_error
        refused = await client.call_tool("ask", {"question": "What is leverage?"})
        assert refused.is_error
        assert "scope 'ask'" in str(refused.content)

    async def ask(client: Client) -> None:
        assert not (await client.call_tool("ask", {"question": "What is leverage?"})).is_error

    with serving(app, home) as address:
        for key, use in ((shown["read"], look_up), (shown["admin"], ask)):
            http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=30)
            over(streamable_http_client(f"{address}/mcp", http_client=http), use)
        with pytest.raises(BaseExceptionGroup):
            over(f"{address}/mcp", look_up)
