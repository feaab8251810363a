"""What is counted and timed, in the Prometheus text format. Values of labels are from closed sets."""

from __future__ import annotations

from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from govgraph import __version__
from govgraph.errors import CATALOGUE
from govgraph.observed import Observed

disable_created_metrics()  # type: ignore[no-untyped-call]
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Paths whose requests may end before a worker has told their route.
_KNOWN = frozenset({"/sparql", "/update", "/graphs", "/health", "/ready", "/metrics"})
_LANES = frozenset({"front", "cache", "readers", "writer"})
_ENGINES = frozenset({"oxigraph", "columns", "spark", "remote"})
_ENDS = frozenset({"late", "gone", "ending", "lost"})
_OUTCOMES = frozenset({"ok", "not-modified", "refused", "broken", "gone", *CATALOGUE})
_QUERIES = frozenset({"/sparql"})
_SECONDS = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
)  # fmt: skip


class Metrics:
    """The figures of one service. What has its state elsewhere registers a collector of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = self._counter("requests", "Requests.", "route", "method", "status")
        self.queries = self._counter("queries", "SPARQL queries.", "engine", "outcome")
        self.sent = self._counter("sent_bytes", "Bytes of answers' bodies.")
        self.ended = self._counter("workers_ended", "Workers ended at work.", "reason")
        self.cached = self._counter("cached_answers", "Answers given again.")
        self.seconds = Histogram(
            "govgraph_request_seconds", "Time of a request, to its last byte.", ["lane"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.waiting = Histogram(
            "govgraph_waiting_seconds", "Time in the queue for a worker.",
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        program = Gauge("govgraph_build_info", "The program.", ["version"], registry=self.registry)
        program.labels(__version__).set(1)

        # finding the child of labels takes longer than counting on it
        self._of_kind = cache(lambda *labels: self.requests.labels(*labels))
        self._in_lane = cache(lambda lane: self.seconds.labels(lane))

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"govgraph_{name}", says, labels, registry=self.registry)

    def count(
        self, observed: Observed, method: str, path: str, status: int, outcome: str,
        size: int, seconds: float,
    ) -> None:  # fmt: skip
        """Count a request that is over."""
        route = observed.route or (path if path in _KNOWN else "other")
        self._of_kind(route, _of(method, _METHODS), status).inc()
        self._in_lane(_of(observed.lane, _LANES)).observe(seconds)
        self.sent.inc(size)
        if observed.lane == "cache":
            self.cached.inc()
        elif observed.lane != "front":
            self.waiting.observe(observed.waited)
        if observed.ended:
            self.ended.labels(_of(observed.ended, _ENDS)).inc()
        if route in _QUERIES and (observed.engine or outcome != "ok"):
            engine = "cache" if observed.lane == "cache" else _of(observed.engine, _ENGINES, "none")
            self.queries.labels(engine, _of(outcome, _OUTCOMES)).inc()

    def page(self) -> bytes:
        """All figures as they are now."""
        return generate_latest(self.registry)


def _of(value: str, known: frozenset[str], otherwise: str = "other") -> str:
    return value if value in known else otherwise
