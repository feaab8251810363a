"""`python -m bench.building`: make releases and their parts, beside tools that do the same."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.building import versions
from bench.building.cases import build, codes, incremental, inference, mapping, validation
from bench.building.comparison import OURS, Comparison, differences
from bench.building.participant import ROOT
from bench.building.report import print_all, write_json
from bench.building.workspace import SEED, Workspace
from bench.machine import machine, memory_bytes
from bench.nation import SCALES
from bench.process import Limits

TABLES = ROOT.parent / "shared" / "data" / "cn_divisions"
#: In the order in which they use what the others make.
CASES: dict[str, Callable[[Workspace], list[Comparison]]] = {
    "build": build.compare,
    "mapping": mapping.compare,
    "validation": validation.compare,
    "inference": inference.compare,
    "incremental": incremental.compare,
}
NAMES = (*CASES, "codes")
#: The size at which slow peers take part.
SMALL = 100
WITH_SLOW_PEERS = ("validation", "inference")
progress = Console(stderr=True, highlight=False, markup=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Status 0; 1 if ours failed or was killed anywhere, or came to another count than a peer."""
    given = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    before = machine()
    limits = Limits(given.limit, given.memory * memory_bytes())
    found = list(_measure(given, limits))
    print_all(Console(width=220, highlight=False), found)
    run: dict[str, Any] = {
        "machine": before,
        "versions": versions.all_(given.work / "peers"),
        "seed": SEED,
        "limits": vars(limits),
    }
    progress.print(f"written: {write_json(given.results, run, found)}")
    return 1 if any(_wrong(one) for one in found) else 0


def _wrong(found: Comparison) -> bool:
    ours = found.runs[OURS]
    return ours.failed or ours.killed or bool(differences(found))


def _measure(given: argparse.Namespace, limits: Limits) -> Iterator[Comparison]:
    for communities in scales(given.scale, given.only):
        names = [name for name in CASES if name in given.only]
        if communities not in given.scale:
            names = [name for name in names if name in WITH_SLOW_PEERS]
        progress.print(f"{communities:,} communities")
        work = Workspace(communities, given.work, limits, given.reuse, progress.print)
        for name in names:
            progress.print(name)
            yield from CASES[name](work)
    if "codes" in given.only:
        progress.print("codes")
        yield from codes.compare(given.tables, given.work, limits)


def scales(asked: Sequence[int], cases: Sequence[str]) -> list[int]:
    """The sizes to measure, least first; a small one is added for peers that manage no other.

    >>> scales([1000], ["build", "validation"])
    [100, 1000]
    """
    slow = any(case in WITH_SLOW_PEERS for case in cases) and min(asked) > SMALL
    return sorted({*asked, SMALL} if slow else set(asked))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.building", description=__doc__)
    add = parser.add_argument
    add("--scale", type=_scales, default=[1000], help="communities: a number, 100, 1k, 10k, 119k")
    add("--only", type=_cases, default=list(NAMES), help=f"of {','.join(NAMES)}")
    add("--reuse", action="store_true", help="keep what earlier runs made and measured")
    add("--limit", type=float, default=900, help="seconds that one process may take")
    add("--memory", type=float, default=0.75, help="share of the machine's memory that it may")
    add("--tables", type=Path, default=TABLES, help="folder of the code table of divisions")
    add("--results", type=Path, default=ROOT / "bench" / "results", help="folder of the figures")
    add("--work", type=Path, default=ROOT / ".work" / "bench", help="folder of all that is made")
    return parser


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _cases(text: str) -> list[str]:
    unknown = set(_words(text)) - set(NAMES)
    if unknown:
        raise argparse.ArgumentTypeError(f"no case {', '.join(sorted(unknown))}")
    return _words(text)


def _scales(text: str) -> list[int]:
    """
    >>> _scales("100,1k,20")
    [100, 1000, 20]
    """
    return [SCALES.get(word.lower()) or int(word) for word in _words(text)]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
