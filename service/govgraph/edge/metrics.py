"""What is counted and timed, in the Prometheus text format. Values of labels are from closed sets."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import (
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from govgraph import __version__
from govgraph.errors import CATALOGUE
from govgraph.observed import Observed

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Paths whose requests may end before a worker has told their route.
_KNOWN = frozenset({"/sparql", "/update", "/graphs", "/health", "/ready", "/metrics"})
_LANES = frozenset({"front", "cache", "readers", "writer"})
_ENGINES = frozenset({"things", "oxigraph", "columns", "spark", "remote"})
_ENDS = frozenset({"late", "gone", "ending", "lost"})
_OUTCOMES = frozenset({"ok", "not-modified", "refused", "broken", "gone", *CATALOGUE})
_QUERIES = frozenset({"/sparql"})
_SECONDS = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
)  # fmt: skip
#: Numbers by the values of labels.
Counts = defaultdict[tuple[str, ...], int]


class Metrics:
    """The figures of one service, which are counted in plain numbers and put into form when they
    are asked for. What has its state elsewhere registers a collector of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests: Counts = defaultdict(int)
        self.queries: Counts = defaultdict(int)
        self.ended: Counts = defaultdict(int)
        self.sent = self.cached = 0
        self.seconds: dict[str, Times] = defaultdict(Times)
        self.waiting = Times()
        self.registry.register(_Figures(self))

    def count(
        self, observed: Observed, method: str, path: str, status: int, outcome: str,
        size: int, seconds: float,
    ) -> None:  # fmt: skip
        """Count a request that is over."""
        route = observed.route or (path if path in _KNOWN else "other")
        self.requests[route, _of(method, _METHODS), str(status)] += 1
        self.seconds[_of(observed.lane, _LANES)].add(seconds)
        self.sent += size
        if observed.lane == "cache":
            self.cached += 1
        elif observed.lane != "front":
            self.waiting.add(observed.waited)
        if observed.ended:
            self.ended[(_of(observed.ended, _ENDS),)] += 1
        if route in _QUERIES and (observed.engine or outcome != "ok"):
            engine = "cache" if observed.lane == "cache" else _of(observed.engine, _ENGINES, "none")
            self.queries[engine, _of(outcome, _OUTCOMES)] += 1

    def page(self) -> bytes:
        """All figures as they are now."""
        return generate_latest(self.registry)


class Times:
    """Times by the buckets that they fall into."""

    def __init__(self) -> None:
        self.buckets = [0] * (len(_SECONDS) + 1)
        self.sum = 0.0

    def add(self, seconds: float) -> None:
        """Take a time on; a bucket holds the times up to its bound."""
        self.buckets[bisect_left(_SECONDS, seconds)] += 1
        self.sum += seconds

    def cumulated(self) -> list[tuple[str, float]]:
        """As Prometheus has it: each bucket counts all times that are no longer."""
        bounds = [*map(floatToGoString, _SECONDS), "+Inf"]
        return list(zip(bounds, map(float, accumulate(self.buckets)), strict=True))


class _Figures(Collector):
    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics

    def collect(self) -> Iterator[Metric]:
        of = self.metrics
        yield _counts("requests", "Requests.", of.requests, "route", "method", "status")
        yield _counts("queries", "SPARQL queries.", of.queries, "engine", "outcome")
        yield CounterMetricFamily("govgraph_sent_bytes", "Bytes of answers' bodies.", of.sent)
        yield _counts("workers_ended", "Workers ended at work.", of.ended, "reason")
        yield CounterMetricFamily("govgraph_cached_answers", "Answers given again.", of.cached)
        times = HistogramMetricFamily(
            "govgraph_request_seconds", "Time of a request, to its last byte.", labels=["lane"]
        )
        for lane, found in of.seconds.items():
            times.add_metric([lane], found.cumulated(), found.sum)
        yield times
        yield HistogramMetricFamily(
            "govgraph_waiting_seconds", "Time in the queue for a worker.",
            of.waiting.cumulated(), of.waiting.sum,
        )  # fmt: skip
        yield InfoMetricFamily("govgraph_build", "The program.", {"version": __version__})


def _counts(name: str, says: str, counted: Counts, *labels: str) -> CounterMetricFamily:
    family = CounterMetricFamily(f"govgraph_{name}", says, labels=labels)
    for values, number in counted.items():
        family.add_metric(values, number)
    return family


def _of(value: str, known: frozenset[str], otherwise: str = "other") -> str:
    return value if value in known else otherwise
