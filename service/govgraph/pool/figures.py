"""The pool's figures as they are when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from govgraph.errors import GovgraphError

if TYPE_CHECKING:
    from govgraph.pool.front import Front


class Figures(Collector):
    """A collector of what the front, its pool, its cache and its home say of themselves."""

    def __init__(self, front: Front) -> None:
        self.front = front

    def collect(self) -> Iterator[Metric]:
        yield from self._workers()
        yield from self._cache()
        yield from self._releases()

    def _workers(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("govgraph_workers", "Workers.", labels=["lane", "state"])
        queue = GaugeMetricFamily("govgraph_queue_length", "Requests that wait.", labels=["lane"])
        gone = CounterMetricFamily("govgraph_workers_gone", "Workers that ended.", labels=["lane"])
        memory = GaugeMetricFamily(
            "govgraph_workers_resident_bytes", "Memory of workers, with what they share in each.",
            labels=["lane"],
        )  # fmt: skip
        for lane in (self.front.lanes.reads, self.front.lanes.writes):
            pool = lane.pool
            states.add_metric([lane.name, "idle"], len(pool.idle))
            states.add_metric([lane.name, "busy"], len(pool.workers) - len(pool.idle))
            queue.add_metric([lane.name], len(pool.waiting))
            gone.add_metric([lane.name], pool.replaced)
            resident = sum(_resident(worker.process.pid) for worker in pool.workers)
            memory.add_metric([lane.name], resident)
        yield from (states, queue, gone, memory)

    def _cache(self) -> Iterator[Metric]:
        cache = self.front.cache
        yield CounterMetricFamily("govgraph_cache_hits", "Answers given from memory.", cache.hits)
        yield CounterMetricFamily("govgraph_cache_misses", "Answers not in memory.", cache.misses)
        yield GaugeMetricFamily("govgraph_cache_bytes", "Memory of kept answers.", cache.size)

    def _releases(self) -> Iterator[Metric]:
        home = self.front.home
        served = GaugeMetricFamily("govgraph_release_info", "The one served.", labels=["release"])
        with suppress(GovgraphError):  # nothing is published: no sample
            served.add_metric([home.current().id], 1)
        yield served
        yield GaugeMetricFamily(
            "govgraph_releases", "Releases that are kept.", len(home.releases())
        )


def _resident(pid: int | None) -> int:
    """Bytes of memory of a process, 0 where that cannot be told."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
