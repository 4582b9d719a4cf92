"""What each stage of a chain does, told to whoever operates it: OpenTelemetry spans, or log lines in JSON.

Both listen to the chain's own callbacks; neither sees or keeps what was asked.
"""

import os
import time
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from typing_extensions import override

from rag.errors import TracingUnavailable
from rag.settings import RagSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer
    from structlog.typing import FilteringBoundLogger

STAGES = frozenset({"understand", "retrieve", "plan", "judge", "compose", "generate", "verify"})
_GROUP = "opentelemetry_traces_exporter"


def listeners_of(settings: RagSettings, environment: Mapping[str, str] = os.environ) -> list[BaseCallbackHandler]:
    """Those that `settings` and the standard OTEL_* variables ask for; none by default.

    Raises TracingUnavailable if an exporter is asked for that cannot be had.
    """
    listeners: list[BaseCallbackHandler] = []
    if settings.log_stages:
        listeners.append(StageLog(_json_logger()))
    exporter = _exporter(settings, environment)
    if exporter is not None:
        listeners.append(StageSpans(_tracer(exporter)))
    return listeners


class StageSpans(BaseCallbackHandler):
    """One span for each answer, and one inside it for each stage."""

    run_inline = True

    def __init__(self, tracer: "Tracer") -> None:
        self._tracer = tracer
        self._open: dict[UUID, Span] = {}
        self._own: set[UUID] = set()

    @override
    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **given: Any
    ) -> None:
        from opentelemetry.trace import set_span_in_context

        parent = self._open.get(parent_run_id) if parent_run_id else None
        name = given.get("name")
        if parent is None:
            self._begin(run_id, self._tracer.start_span("answer"))
        elif name in STAGES:
            self._begin(run_id, self._tracer.start_span(str(name), context=set_span_in_context(parent)))
        else:
            self._open[run_id] = parent

    @override
    def on_chain_end(self, outputs: Any, *, run_id: UUID, **given: Any) -> None:
        self._end(run_id)

    @override
    def on_chain_error(self, error: BaseException, *, run_id: UUID, **given: Any) -> None:
        from opentelemetry.trace import StatusCode

        if run_id in self._own:
            self._open[run_id].set_status(StatusCode.ERROR, type(error).__name__)
        self._end(run_id)

    def _begin(self, run_id: UUID, span: "Span") -> None:
        self._open[run_id] = span
        self._own.add(run_id)

    def _end(self, run_id: UUID) -> None:
        span = self._open.pop(run_id, None)
        if span is not None and run_id in self._own:
            self._own.discard(run_id)
            span.end()


class StageLog(BaseCallbackHandler):
    """One line for each stage, with how long it took or why it ended."""

    run_inline = True

    def __init__(self, logger: "FilteringBoundLogger") -> None:
        self._logger = logger
        self._begun: dict[UUID, tuple[str, float]] = {}

    @override
    def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: UUID, **given: Any) -> None:
        if given.get("name") in STAGES:
            self._begun[run_id] = (given["name"], time.perf_counter())

    @override
    def on_chain_end(self, outputs: Any, *, run_id: UUID, **given: Any) -> None:
        if run_id in self._begun:
            self._logger.info("stage", **self._measured(run_id))

    @override
    def on_chain_error(self, error: BaseException, *, run_id: UUID, **given: Any) -> None:
        if run_id in self._begun:
            self._logger.warning("stage ended early", error=type(error).__name__, **self._measured(run_id))

    def _measured(self, run_id: UUID) -> dict[str, Any]:
        name, begun = self._begun.pop(run_id)
        return {"stage": name, "ms": round((time.perf_counter() - begun) * 1000, 2)}


def _json_logger() -> "FilteringBoundLogger":
    """Lines on standard error, where they mix with no answer."""
    import sys

    import structlog

    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )
    return logger


def _exporter(settings: RagSettings, environment: Mapping[str, str]) -> "SpanExporter | None":
    """The exporter asked for: by setting, by OTEL_TRACES_EXPORTER, or by an OTLP endpoint."""
    at_endpoint = any(f"OTEL_EXPORTER_OTLP_{kind}ENDPOINT" in environment for kind in ("", "TRACES_"))
    name = settings.traces or environment.get("OTEL_TRACES_EXPORTER") or ("otlp" if at_endpoint else "none")
    if name == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if name == "otlp":
        stated = [environment.get(f"OTEL_EXPORTER_OTLP_{kind}PROTOCOL") for kind in ("TRACES_", "")]
        name = "otlp_proto_http" if "http/protobuf" in stated else "otlp_proto_grpc"
    found = [one for one in entry_points(group=_GROUP) if one.name == name]
    if not found:
        known = ", ".join(sorted(one.name for one in entry_points(group=_GROUP)))
        raise TracingUnavailable(
            f"traces are to go to the exporter '{name}', which is not installed (installed: {known}); install its "
            "opentelemetry-exporter package, or set MARKET_PULSE_RAG_TRACES=none"
        )
    exporter: SpanExporter = found[0].load()()
    return exporter


def _tracer(exporter: "SpanExporter") -> "Tracer":
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "market-pulse"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer("market-pulse")
