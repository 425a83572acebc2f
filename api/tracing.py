"""One line of the log and, where wanted, one span of a trace for each request: route, method, status, time, request id.

Neither says an address, a query, a name or a body: only the template of the route, so nothing confidential leaves.
Spans go nowhere unless `GMPHUB_TRACES` names a destination: `console` writes them to standard error, an address takes
OTLP over HTTP where `opentelemetry-exporter-otlp-proto-http` is installed.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter

import structlog
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.errors import EnvironmentFault

CONSOLE = "console"
OTLP = "opentelemetry.exporter.otlp"
FIRST_OF_OURS = 500
NO_ROUTE, API = "none", "/api/v1"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = structlog.get_logger()


class TracesError(EnvironmentFault):
    """Traces were asked for and cannot be written."""

    code = "traces"


def provider_of(destination: str | None) -> TracerProvider | None:
    """Return what makes spans, None where none are wanted; raises TracesError for a destination we cannot write to."""
    if not destination:
        return None
    exporter = ConsoleSpanExporter(out=sys.stderr) if destination == CONSOLE else _otlp(destination)
    return exporting_to(exporter)


def exporting_to(exporter: SpanExporter) -> TracerProvider:
    """Return what makes spans and hands them to an exporter in batches."""
    made = TracerProvider(resource=Resource({"service.name": "gmphub"}), shutdown_on_exit=True)
    made.add_span_processor(BatchSpanProcessor(exporter))
    return made


def _otlp(address: str) -> SpanExporter:
    if not address.startswith(("http://", "https://")):
        raise TracesError(f"GMPHUB_TRACES is {address!r}.", "Write console, or the address of a collector.")
    if find_spec("opentelemetry.exporter") is None or find_spec(OTLP) is None:
        raise TracesError(
            "GMPHUB_TRACES names a collector, and the OTLP exporter is not installed.",
            "Install opentelemetry-exporter-otlp-proto-http, or write console.",
        )
    made: SpanExporter = import_module(f"{OTLP}.proto.http.trace_exporter").OTLPSpanExporter(endpoint=address)
    return made


class Traced:
    """Middleware that writes the line and the span when an answer is complete; both carry the request id."""

    def __init__(self, app: ASGIApp, provider: TracerProvider | None = None) -> None:
        self.app = app
        self.tracer: Tracer | None = None if provider is None else provider.get_tracer("gmphub.api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and watch for its status."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = perf_counter(), FIRST_OF_OURS
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        span = None if self.tracer is None else self.tracer.start_span(method, kind=SpanKind.SERVER)
        try:
            await self.app(scope, receive, watch)
        finally:
            route = route_of(scope)
            log.info("request", method=method, route=route, status=status, seconds=round(perf_counter() - begun, 4))
            if span is not None:
                span.update_name(f"{method} {route}")
                span.set_attributes(
                    {
                        "http.request.method": method,
                        "http.route": route,
                        "http.response.status_code": status,
                        "gmphub.request_id": scope.get("state", {}).get("request_id", ""),
                    }
                )
                if status >= FIRST_OF_OURS:
                    span.set_status(Status(StatusCode.ERROR))
                span.end()


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered, never the address that was sent."""
    route = scope.get("route")
    template: str | None = getattr(route, "path_format", None) or getattr(route, "path", None)
    if template is None:
        return NO_ROUTE
    return f"{API}{template}" if scope["path"].startswith(f"{API}/") else template
