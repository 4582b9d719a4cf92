"""The API's own description: what FastAPI derives, with every problem that the gate and the handlers can answer."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from ui.problems import PROBLEM_JSON, Problem

_EVERYWHERE = {
    401: "A key is needed, or this one is not valid.",
    403: "The key lacks the scope, or a page of another origin asked.",
    421: "The server is not known under this name.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "Something failed that should not.",
    503: "A part that is needed cannot be used now.",
}
_WITH_BODY = {400: "The body cannot be read.", 413: "The body is too large.", 415: "The body is not sent as JSON."}
_WITH_INPUT = {422: "The request cannot be right; the detail says what to change."}
_BY_NAME = {404: "There is no such thing; the detail says what there is."}
_NAMED = ("/v1/answers", "/v1/chat/completions", "/v1/feedback")
"""Paths whose body names something that may not be there."""
_OPEN = ("/healthz", "/readyz")
"""Paths that need no key."""


def describe(api: FastAPI) -> None:
    """Replaces the schema that `api` gives by one with problems and keys in it."""

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _with_problems(
                get_openapi(title=api.title, version=api.version, summary=api.summary, routes=api.routes)
            )
        return api.openapi_schema

    api.openapi = described  # type: ignore[method-assign]  # the way FastAPI documents for changing the schema


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    components = schema["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["schemas"].update(_schemas(Problem))
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key of `market-pulse keys create`."}
    }
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            responses.pop("422", None)
            for status, description in _problems(path, method, operation).items():
                responses.setdefault(str(status), _response(status, description))
            # A server on the loopback for which no key was made asks for none.
            operation["security"] = [] if path in _OPEN else [{"key": []}, {}]
    return schema


def _schemas(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of `model` and of what it is made of, by name."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), model.__name__: schema}


def _problems(path: str, method: str, operation: dict[str, Any]) -> dict[int, str]:
    found = dict(_EVERYWHERE)
    if method == "post":
        found |= _WITH_BODY
    if operation.get("parameters") or method == "post":
        found |= _WITH_INPUT
    if "{" in path or path in _NAMED:
        found |= _BY_NAME
    if path == "/v1/feedback":
        found[409] = "Feedback is not kept on this server."
    return found


def _response(status: int, description: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": "…"}
    return {
        "description": description,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
