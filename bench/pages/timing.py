"""One request to a page and what it took: by the clock, of the processor, in bytes."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Taken:
    """Milliseconds of runs, by the clock and of the processor. A machine that does other things too
    makes the clock say more than the work takes; the processor's time says what it took."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def slowest(self) -> float:
        return max(self.wall)

    @property
    def processor(self) -> float:
        """The median of the processor's time."""
        return statistics.median(self.cpu)

    def as_dict(self) -> dict[str, float | Sequence[float]]:
        return {
            "median": self.median,
            "slowest": self.slowest,
            "processor": self.processor,
            "wall": self.wall,
        }

    def add(self, work: Callable[[], T]) -> T:
        """Do some work and note what it took."""
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        done = work()
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)
        return done
