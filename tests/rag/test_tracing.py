"""Every stage can be followed: as spans at a real collector, or as lines of JSON; what cannot be had is refused."""

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from typing_extensions import override

from rag.errors import TracingUnavailable
from rag.question import Question
from rag.settings import RagSettings
from rag.tracing import listeners_of
from ui.app import App

_QUESTION = Question.ask("What is open interest, in words nobody logs?")
_STAGES = {"understand", "retrieve", "plan", "judge", "compose", "verify"}


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """An OTLP collector that keeps what it gets."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.came = threading.Event()

    @override
    def Export(self, request: Any, context: Any) -> Any:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans
        if any(span.name == "answer" for span in self.spans):
            self.came.set()
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    kept = Collector()
    server = grpc.server(ThreadPoolExecutor(2))
    register: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
    register(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    yield kept
    server.stop(None)


def test_each_stage_is_a_span_inside_its_answer(app: App, collector: Collector) -> None:
    app.with_stages(replace(app.stages, listeners=listeners_of(RagSettings()))).ask(_QUESTION)
    assert collector.came.wait(20)
    root = next(span for span in collector.spans if span.name == "answer")
    assert {span.name for span in collector.spans if span.parent_span_id == root.span_id} == _STAGES
    assert {span.trace_id for span in collector.spans} == {root.trace_id}
    assert "nobody logs" not in str(collector.spans)


def test_stages_are_logged_as_json_without_the_question(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    listeners = listeners_of(RagSettings(log_stages=True), {})
    asyncio.run(app.with_stages(replace(app.stages, listeners=listeners)).answer(_QUESTION, "api"))
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert {line["stage"] for line in lines} == _STAGES
    assert all(line["ms"] >= 0 and line["event"] == "stage" for line in lines)
    assert "nobody logs" not in written


def test_nobody_listens_by_default() -> None:
    assert listeners_of(RagSettings(), {}) == []
    assert listeners_of(RagSettings(), {"OTEL_TRACES_EXPORTER": "none"}) == []


@pytest.mark.parametrize(
    ("settings", "environment"),
    [
        (RagSettings(traces="zipkin"), {}),
        (RagSettings(), {"OTEL_TRACES_EXPORTER": "jaeger"}),
        (RagSettings(), {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}),
    ],
)
def test_an_exporter_that_is_not_installed_is_refused_at_start(
    settings: RagSettings, environment: dict[str, str]
) -> None:
    with pytest.raises(TracingUnavailable, match="is not installed"):
        listeners_of(settings, environment)
