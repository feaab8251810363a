"""`python -m bench.rules HOME …`: rules against practice of whole releases, on one core.

Each release is judged by a new process that has one processor and one thread: the facts are read
from the columns, every rule of every type is judged, and all findings but those of what is kept are
told with their reasons and sources. Starting Python is not counted. Seconds are the processor's,
which are those of the clock on a machine that does nothing else; the clock is shown beside them.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.report import markdown_table

#: Seconds in which a nation of 119,000 communities is to be judged.
BAR = 30.0
_HERE = "--here"
_COLUMNS = (
    "appointments", "cases", "findings", "read", "judge", "tell", "in all", "by the clock", "MB",
)  # fmt: skip
Figures = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Status 0; 1 if a release takes longer than the bar."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [_HERE]:
        print(json.dumps(figures(Path(given[1]))))
        return 0
    table = markdown_table("release", *_COLUMNS)
    found = {home: _apart(home) for home in given}
    for home, measured in found.items():
        shown = (f"{value:,.1f}".removesuffix(".0") for value in measured.values())
        table.add_row(home, *shown)
    Console(width=240, highlight=False).print(table)
    return int(any(measured["all"] > BAR for measured in found.values()))


def _apart(home: str) -> Figures:
    """The figures of a process with one processor."""
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        [sys.executable, "-m", "bench.rules", _HERE, home],
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: Figures = json.loads(done.stdout)
    return found


def figures(home: Path) -> Figures:
    """Reading, judging and telling the current release of a home, in this process."""
    from govgraph.engine.columnar.columns import Columns
    from govgraph.engine.columnar.engine import ColumnarEngine
    from govgraph.governance.rules import facts, judge
    from govgraph.governance.rules.findings import check
    from govgraph.release import Home

    with Columns(Home(home).current().columns, threads=1) as columns:
        engine = ColumnarEngine(columns)
        clock = time.perf_counter()
        read, found = _timed(lambda: facts.read(engine))
        judging, verdict = _timed(lambda: judge.judge(found))
        judge.keep(engine, verdict)
        telling, told = _timed(lambda: check(engine, status=["broken", "cannot be told"]))
        clock = time.perf_counter() - clock
    return {
        "appointments": found["holding"].height,
        "cases": verdict.judged.subjects.height,
        "findings": told.frame.height,
        "read": read,
        "judge": judging,
        "tell": telling,
        "all": read + judging + telling,
        "clock": clock,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


if __name__ == "__main__":
    sys.exit(main())
