"""`python -m bench`: load, measure, compare, report."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from bench import cold, lineup
from bench.data import SEED, Nation, Query, generate, read_queries
from bench.figures import mismatches
from bench.lineup import Entrant, LineUp
from bench.machine import machine, versions
from bench.measure import Method, Timing, measure
from bench.report import Size, print_size, write_json

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "bench"
progress = Console(stderr=True, highlight=False, markup=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Status 0; 1 if engines failed or disagree; 2 if the bench cannot run."""
    given = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    if not given.shared.is_dir():
        progress.print(f"the generator and the queries are not here: {given.shared}")
        return 2
    try:
        queries = read_queries(given.shared / "queries", given.queries)
    except ValueError as error:
        progress.print(str(error))
        return 2
    method = Method(given.runs, given.limit, cold.possible(given.cold))
    before = machine()
    sizes = [_run(given, communities, queries, method) for communities in given.scale]
    for size in sizes:
        print_size(Console(width=240, highlight=False), size)
    run = {
        "machine": before,
        "versions": versions(given.work / "peers"),
        "seed": SEED,
        "method": vars(method) | {"cold_means": cold.MEANING[method.cold]},
    }
    progress.print(f"written: {write_json(ROOT / 'bench' / 'results', run, sizes)}")
    return 1 if any(mismatches(size.timings) for size in sizes) else 0


def _run(given: argparse.Namespace, communities: int, queries: list[Query], method: Method) -> Size:
    """Everything at one size, engine after engine."""
    progress.print(f"{communities:,} communities")
    nation = generate(given.shared / "gen_national.py", communities, given.work / "data")
    line_up = _line_up(given, nation)
    timings: dict[str, dict[str, Timing]] = {}
    memory: dict[str, int] = {}
    for entrant in line_up.entrants(given.only):
        notify = partial(_tell, entrant)
        timings[entrant.name], memory[entrant.name] = measure(
            entrant.engine, queries, entrant.folder, method, notify
        )
    return Size(communities, nation.triples, timings, line_up.loads, memory)


def _line_up(given: argparse.Namespace, nation: Nation) -> LineUp:
    folder = given.work / str(nation.communities)
    return LineUp(folder, given.work / "peers", nation, reuse=given.reuse, say=progress.print)


def _tell(entrant: Entrant, query: Query, timing: Timing) -> None:
    end = timing.error or ("not ended" if timing.unfinished else f"warm {timing.seconds:.4f} s")
    first = "" if timing.cold is None else f"cold {timing.cold:.4f} s, "
    progress.print(f"  {entrant.name:18} {query.id:5} {first}{end}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("--scale", type=_scales, default=[1000], help="communities: 1k, 20k, or 1k,20k")
    add(
        "--only",
        type=_words,
        default=[],
        help=f"engines, by the start of: {' '.join(lineup.NAMES)}",
    )
    add("--queries", type=_words, default=[], help="such as q01,q05; all if left out")
    add("--reuse", action="store_true", help="keep databases that earlier runs loaded")
    add("--runs", type=int, default=Method.runs, help="timed runs after the warm-up")
    add("--limit", type=float, default=Method.limit, help="seconds that a query may take")
    add("--cold", choices=list(cold.MEANING), default="machine", help="what is out of the cache")
    add("--shared", type=Path, default=SHARED, help="folder of the generator and the queries")
    add("--work", type=Path, default=ROOT / ".work" / "bench", help="folder of data and databases")
    return parser


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _scales(text: str) -> list[int]:
    """
    >>> _scales("1k,20k")
    [1000, 20000]
    """
    return [int(word.lower().replace("k", "000")) for word in _words(text)]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
