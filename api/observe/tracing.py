"""Traces: a span for each request, and one below it for each stage. None, unless asked for."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rag.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from rag.settings import ServerSettings

ENDPOINT_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class RequestSpan(Protocol):
    """A request that is being traced."""

    def end(self, method: str, route: str, status: int) -> None:
        """What it turned out to be."""
        ...


class Tracing(Protocol):
    """Where spans go. Safe to use from several threads."""

    def request(self, headers: Mapping[str, str]) -> AbstractContextManager[RequestSpan]:
        """Trace what is done inside, as part of the trace that the headers name, if any."""
        ...

    def stages(self, timings_ms: Mapping[str, float]) -> None:
        """Stages that were done one after the other and have just ended."""
        ...

    def close(self) -> None:
        """Send what was not sent yet."""
        ...


class NoTracing:
    """Implements `Tracing`, and a span, by doing nothing."""

    @contextmanager
    def request(self, headers: Mapping[str, str]) -> Iterator[RequestSpan]:  # noqa: ARG002 - the protocol's
        """Nothing."""
        yield self

    def end(self, method: str, route: str, status: int) -> None:
        """Nothing."""

    def stages(self, timings_ms: Mapping[str, float]) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def load_tracing(settings: ServerSettings) -> Tracing:
    """What the settings or OpenTelemetry's own variables ask for.

    Raises: SettingsError when its package is missing.
    """
    if not (settings.otel_endpoint or any(os.environ.get(name) for name in ENDPOINT_VARIABLES)):
        return NoTracing()
    try:
        from api.observe.otel import OtelTracing, exporting_provider
    except ImportError as error:
        raise SettingsError(
            "Traces need OpenTelemetry, which is not installed; run `pip install "
            "'trident-rag[otel]'`, or unset server.otel_endpoint and OTEL_EXPORTER_OTLP_ENDPOINT."
        ) from error
    return OtelTracing(exporting_provider(settings.otel_endpoint))
