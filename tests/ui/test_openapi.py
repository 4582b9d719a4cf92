"""The API does what its description says, whatever is sent: schemathesis against the live server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.ui.serving import serving
from ui.app import App
from ui.keys import Keyring
from ui.settings import UiSettings

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
)
EXAMPLES = 12
"""Per operation and phase, so that the whole takes well under a minute on an idle machine."""


def test_no_server_error_and_no_undocumented_answer(app: App, home: Path) -> None:
    _, key = Keyring.open(home, None).create("schemathesis", ["ask", "read"])
    rates = UiSettings(ask_rate="100000/minute", read_rate="100000/minute", sign_in_rate="100000/minute")
    with serving(app, home, rates) as address:
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json",
                "--header", f"Authorization: Bearer {key}", "--checks", ",".join(CHECKS),
                "--max-examples", str(EXAMPLES), "--seed", "20251104", "--generation-database", "none",
                "--no-color", "--request-timeout", "60", "--suppress-health-check", "all",
            ],
            capture_output=True, text=True, check=False, cwd=home,
            env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(home)},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-1_000:]


def test_every_operation_is_described_with_examples_and_problems(app: App, home: Path) -> None:
    with serving(app, home) as address:
        schema = httpx.get(f"{address}/openapi.json").json()
    assert set(schema["paths"]) >= {
        "/v1/answers", "/v1/chat/completions", "/v1/models", "/v1/search", "/v1/metrics", "/v1/metrics/{name}",
        "/v1/events", "/v1/faq", "/v1/calculators", "/v1/calculators/{name}", "/v1/feedback", "/v1/replay",
        "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    assert all(path.startswith(("/v1/", "/healthz", "/readyz", "/metrics")) for path in schema["paths"])
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            assert "application/problem+json" in operation["responses"]["500"]["content"]
            for parameter in operation.get("parameters", ()):
                assert parameter.get("example") or parameter["schema"].get("examples"), (path, parameter["name"])
            if method == "post":
                body = operation["requestBody"]["content"]["application/json"]
                name = body["schema"].get("$ref", "").rpartition("/")[2]
                assert "examples" in body or schema["components"]["schemas"][name]["examples"], path
    assert "HTTPValidationError" not in json.dumps(schema)
