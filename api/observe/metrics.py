"""Metrics of one application in Prometheus' format, in a registry of its own.

No label has a value that a client chooses: routes are templates, and what matches none is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prometheus_client.registry import Collector

    from rag.types import Answer, Grounding, SearchResult

REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
STAGE_SECONDS = (0.0005, *REQUEST_SECONDS)


class Metrics:
    """What happened since the application was made. Safe to use from several threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "trident_requests",
            "Requests, by the route's template, method and status (499: the client left)",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "trident_request_seconds",
            "Time from a request's first byte to the last one of its answer",
            ("route",),
            buckets=REQUEST_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "trident_stage_seconds",
            "Time of a stage of a search or an answer",
            ("stage",),
            buckets=STAGE_SECONDS,
            registry=self._registry,
        )
        self._claims = Counter(
            "trident_claims", "Claims checked, by verdict", ("verdict",), registry=self._registry
        )
        self._answers = Counter(
            "trident_answers",
            "Answers, by outcome: answered, or abstained where nothing answers the question",
            ("outcome",),
            registry=self._registry,
        )
        self._tokens = Counter(
            "trident_tokens", "Tokens of the language model", ("kind",), registry=self._registry
        )

    def watch(self, collector: Collector) -> None:
        """Show also what the collector finds whenever the metrics are read."""
        self._registry.register(collector)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered, or forsaken."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def searched(self, result: SearchResult) -> None:
        """Passages were found."""
        self._observe(result.timings_ms)

    def answered(self, answer: Answer) -> None:
        """An answer is complete. Its search was told of before."""
        before = answer.search.timings_ms
        self._observe({k: ms for k, ms in answer.timings_ms.items() if k not in before})
        self._answers.labels("answered" if answer.sentences else "abstained").inc()
        if answer.grounding:
            self.grounded(answer.grounding)
        if answer.usage:
            self._tokens.labels("prompt").inc(answer.usage.prompt_tokens)
            self._tokens.labels("completion").inc(answer.usage.completion_tokens)

    def grounded(self, grounding: Grounding) -> None:
        """An answer was checked."""
        for verdict in grounding.verdicts:
            self._claims.labels(verdict.label.value).inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)

    def _observe(self, timings_ms: Mapping[str, float]) -> None:
        for stage, milliseconds in timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1e3)
