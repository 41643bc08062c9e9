"""Traces by OpenTelemetry, sent by OTLP over HTTP.

Names and attributes are those of its semantic conventions for HTTP servers; a caller's
`traceparent` (W3C Trace Context) is honoured. No question, document or key is in a span.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME = "trident"
# The service times the writing of an answer as "answer"; as a stage it is generation.
SPAN_NAMES = {"answer": "generate"}
NANOSECONDS = 1_000_000  # of a millisecond


def exporting_provider(endpoint: str) -> TracerProvider:
    """Sends spans to `endpoint`; empty: where OpenTelemetry's variables say."""
    name = os.environ.get("OTEL_SERVICE_NAME", NAME)
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    address = f"{endpoint.rstrip('/')}/v1/traces" if endpoint else None
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    return provider


class OtelTracing:
    """Implements `api.observe.tracing.Tracing`."""

    def __init__(self, provider: TracerProvider):
        self._provider = provider
        self._tracer = provider.get_tracer(NAME)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, headers: Mapping[str, str]) -> Iterator[OtelSpan]:
        """A span that is current for what is done inside, threads of `Work` included."""
        parent = self._propagator.extract(headers)
        with self._tracer.start_as_current_span(
            NAME, parent, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            yield OtelSpan(span)

    def stages(self, timings_ms: Mapping[str, float]) -> None:
        """Spans below the current one, the last of which ends now."""
        end = time.time_ns()
        for stage, milliseconds in reversed(list(timings_ms.items())):
            start = end - int(NANOSECONDS * milliseconds)
            span = self._tracer.start_span(SPAN_NAMES.get(stage, stage), start_time=start)
            span.end(end)
            end = start

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


@dataclass(frozen=True, slots=True)
class OtelSpan:
    """The span of a request."""

    span: Span

    def end(self, method: str, route: str, status: int) -> None:
        """Name it, and mark what failed on our side."""
        self.span.update_name(f"{method} {route}")
        self.span.set_attributes(
            {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": status,
            }
        )
        if status >= 500:
            self.span.set_status(StatusCode.ERROR)
