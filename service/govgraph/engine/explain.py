"""How a query is answered: the engine, why that one, the algebra, the SQL, the plan, the times."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat

from govgraph.engine.base import Answer, Formats

#: Formats in which each row, or triple, is one line.
LINES: Formats = {
    "select": QueryResultsFormat.TSV,
    "ask": QueryResultsFormat.TSV,
    "graph": RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True)
class Measured:
    """A run within the limits: its rows (triples of a graph, one truth), and the seconds until
    all of them were written."""

    rows: int
    seconds: float


@dataclass(frozen=True)
class Explanation:
    """What is known of a query before it runs, and after it with `run`.

    `estimate` is the number of index probes that Oxigraph would take; `plan` is DuckDB's, with
    actual rows and times if it was run. `algebra`, `sql` and `plan` are None where there is none.
    `seconds` are those to parse and to compile, each done anew for the explanation.
    """

    engine: str
    reason: str
    estimate: float | None = None
    algebra: str | None = None
    sql: str | None = None
    plan: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    run: Measured | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def as_text(self) -> str:
        """The same for people to read: a line for each fact, then the longer parts."""
        lines = [f"engine: {self.engine}", f"reason: {self.reason}"]
        if self.estimate is not None:
            lines.append(f"estimate: {self.estimate:.0f} probes")
        lines += [f"{name}: {1000 * value:.2f} ms" for name, value in self.seconds.items()]
        if self.run:
            lines.append(f"run: {self.run.rows} rows in {1000 * self.run.seconds:.1f} ms")
        for name in ("algebra", "sql", "plan"):
            text = getattr(self, name)
            lines += [f"\n{name}:", text.rstrip()] if text else []
        return "\n".join(lines) + "\n"


def measured(answer: Answer) -> Measured:
    """Read an answer in the formats LINES to its end. The errors are those of the engine."""
    began = time.perf_counter()
    lines = sum(chunk.count(b"\n") for chunk in answer.chunks)
    rows = {"select": lines - 1, "ask": 1, "graph": lines}[answer.form]
    return Measured(rows, time.perf_counter() - began)
