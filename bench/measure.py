"""Cold and warm seconds of each query on one engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.answers import Answer, counted, read_answer
from bench.cold import Cold, cool
from bench.data import Query
from bench.engine import Engine, Failed, Unfinished

#: No further timed run begins after so many seconds of them.
ENOUGH = 30.0


@dataclass(frozen=True)
class Method:
    """How often, how long at most, and how cold."""

    runs: int = 5
    limit: float = 60.0
    cold: Cold = "machine"


@dataclass
class Timing:
    """Seconds of one query on one engine. A query that does not end counts as its limit."""

    limit: float
    cold: float | None = None
    warm: list[float] = field(default_factory=list)
    unfinished: bool = False
    error: str | None = None
    answer: Answer | None = None

    @property
    def seconds(self) -> float | None:
        """The median of the warm runs; None if the engine failed."""
        if self.unfinished:
            return self.limit
        return median(self.warm) if self.warm and self.error is None else None

    @property
    def solutions(self) -> int | None:
        return self.answer.solutions if self.answer else None

    def as_dict(self) -> dict[str, Any]:
        least = min(self.warm, default=None)
        found = {"solutions": self.solutions, "median": self.seconds, "least": least}
        kept = asdict(self) | found
        return {name: value for name, value in kept.items() if name != "answer"}


Notify = Callable[[Query, Timing], None]


def measure(
    engine: Engine, queries: list[Query], folder: Path, method: Method, notify: Notify
) -> tuple[dict[str, Timing], int]:
    """The timing of each query, and the most memory that the engine's process took, in bytes.

    The engine is started anew for each query if that is cheap, and after one that did not end.
    """
    timings: dict[str, Timing] = {}
    memory, running = 0, False
    try:
        for query in queries:
            if engine.restarts or not running:
                engine.stop()
                cool(folder, method.cold)
                engine.start()
            timings[query.id] = timing = _time(engine, query, method)
            memory = max(memory, engine.memory())
            running = not timing.unfinished and timing.error is None
            if not running:
                engine.stop()
            notify(query, timing)
    finally:
        engine.stop()
    return timings, memory


def _time(engine: Engine, query: Query, method: Method) -> Timing:
    timing = Timing(method.limit)
    try:
        first = engine.ask(query, method.limit)
        timing.cold = first.seconds
        timing.answer = _answer(engine, query, first.body, method.limit)
        engine.ask(query, method.limit)  # the warm-up
        while len(timing.warm) < method.runs and sum(timing.warm) < ENOUGH:
            timing.warm.append(engine.ask(query, method.limit).seconds)
    except Unfinished:
        timing.unfinished = True
    except (Failed, ValueError) as error:
        timing.error = str(error) or type(error).__name__
    return timing


def _answer(engine: Engine, query: Query, body: bytes, limit: float) -> Answer:
    if not query.constructs:
        return read_answer(query, body)
    count = engine.ask(Query(query.id, query.counting), limit)
    return read_answer(query, body, counted(count.body))
