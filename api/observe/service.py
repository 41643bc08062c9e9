"""The service's observer: what it does goes to the metrics and into traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.observe.metrics import Metrics
    from api.observe.tracing import Tracing
    from rag.types import Answer, Grounding, SearchResult


@dataclass(frozen=True, slots=True)
class Observing:
    """Implements `rag.observer.Observer`."""

    metrics: Metrics
    tracing: Tracing

    def searched(self, result: SearchResult) -> None:
        """The stages up to the passages."""
        self.metrics.searched(result)
        self.tracing.stages(result.timings_ms)

    def answered(self, answer: Answer) -> None:
        """The stages after them."""
        self.metrics.answered(answer)
        before = answer.search.timings_ms
        self.tracing.stages({k: ms for k, ms in answer.timings_ms.items() if k not in before})

    def grounded(self, grounding: Grounding) -> None:
        """A check of its own."""
        self.metrics.grounded(grounding)
        self.tracing.stages({"ground": sum(grounding.timings_ms.values())})
