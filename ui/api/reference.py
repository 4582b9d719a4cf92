"""`GET /docs`: the API's description as one page, made here, so that reading it fetches nothing from elsewhere."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

_STYLE = """body{font:16px/1.55 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1a2233;
background:#fff}h1{font-size:1.6rem}h2{font-size:1.05rem;margin:2.2rem 0 .3rem}code,pre{font:13px/1.5 ui-monospace,
Menlo,monospace}pre{background:#f4f6fa;padding:.8rem;border-radius:6px;overflow:auto;max-height:22rem}
b{color:#1d4ed8;font-weight:600}dt{margin-top:.4rem}dd{margin:0 0 0 1.2rem}
@media(prefers-color-scheme:dark){body{color:#e6eaf2;background:#0f1420}pre{background:#1a2130}b{color:#8ab0ff}
a{color:#8ab0ff}}"""


def add_reference(api: FastAPI) -> None:
    """Registers the route."""

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse("\n".join(_page(api.openapi())))


def _page(schema: dict[str, Any]) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><meta charset="utf-8"><title>Market Pulse API</title>'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<style>{_STYLE}</style><main><h1>Market Pulse API</h1><p>{escape(schema['info']['summary'])}</p>"
    yield '<p>The same for programs: <a href="/openapi.json">openapi.json</a>. Errors are problem documents '
    yield "(RFC 9457). Where keys are needed, send <code>Authorization: Bearer KEY</code>.</p>"
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield f"<h2><b>{method.upper()}</b> <code>{escape(path)}</code></h2>"
            yield from _operation(operation, schema)
    yield "</main></html>"


def _operation(operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for paragraph in operation.get("description", "").split("\n\n"):
        yield f"<p>{escape(paragraph)}</p>"
    if operation.get("parameters"):
        yield "<dl>"
        for parameter in operation["parameters"]:
            needed = ", required" if parameter.get("required") else ""
            yield f"<dt><code>{escape(parameter['name'])}</code> in {parameter['in']}{needed}</dt>"
            yield f"<dd>{escape(parameter.get('description', ''))}</dd>"
        yield "</dl>"
    sent = _example(operation.get("requestBody", {}).get("content", {}), schema)
    if sent:
        yield f"<p>Send</p><pre>{escape(sent)}</pre>"
    replied = _example(operation["responses"].get("200", {}).get("content", {}), schema)
    if replied:
        yield f"<p>Reply</p><pre>{escape(replied)}</pre>"
    statuses = ", ".join(f"{status} {reply['description']}" for status, reply in operation["responses"].items())
    yield f"<details><summary>Statuses</summary><p>{escape(statuses)}</p></details>"


def _example(content: dict[str, Any], schema: dict[str, Any]) -> str:
    """The example of the JSON in `content`, its own or that of the schema it names; empty where there is none."""
    json_content = content.get("application/json", {})
    if "example" in json_content:
        return _indented(json_content["example"])
    if "examples" in json_content:
        return _indented(next(iter(json_content["examples"].values()))["value"])
    name = str(json_content.get("schema", {}).get("$ref", "")).rpartition("/")[2]
    examples = schema["components"]["schemas"].get(name, {}).get("examples", [])
    return _indented(examples[0]) if examples else ""


def _indented(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
