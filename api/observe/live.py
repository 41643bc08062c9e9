"""What stands at the moment when the metrics are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from api.caches import Caches
    from api.state import State
    from api.work import Work


class WorkMetrics(Collector):
    """The queue and the threads."""

    def __init__(self, work: Work):
        self._work = work

    def collect(self) -> Iterator[Metric]:
        """Two numbers."""
        waiting = self._work.waiting
        yield GaugeMetricFamily("trident_queue_depth", "Calls that wait for a thread", waiting)
        yield GaugeMetricFamily("trident_workers_busy", "Threads that work", self._work.busy)


class CacheMetrics(Collector):
    """Both caches."""

    def __init__(self, caches: Caches):
        self._caches = caches

    def collect(self) -> Iterator[Metric]:
        """Look-ups by outcome, entries and bytes."""
        asked = CounterMetricFamily(
            "trident_cache_requests", "Look-ups, by cache and outcome", labels=("cache", "outcome")
        )
        entries = GaugeMetricFamily("trident_cache_entries", "What is kept", labels=("cache",))
        size = GaugeMetricFamily("trident_cache_bytes", "Bytes of what is kept", labels=("cache",))
        for name, cache in self._caches.by_name().items():
            asked.add_metric((name, "hit"), cache.hits)
            asked.add_metric((name, "miss"), cache.misses)
            entries.add_metric((name,), len(cache))
            size.add_metric((name,), cache.size)
        yield from (asked, entries, size)


class StateMetrics(Collector):
    """Readiness, and the jobs where there are any."""

    def __init__(self, state: State):
        self._state = state

    def collect(self) -> Iterator[Metric]:
        """Whether the server is ready, and jobs by state."""
        yield GaugeMetricFamily("trident_ready", "1 when ready", int(self._state.failure is None))
        jobs = GaugeMetricFamily("trident_jobs", "Jobs, by state", labels=("state",))
        for name, number in self._state.job_counts().items():
            jobs.add_metric((name,), number)
        yield jobs
