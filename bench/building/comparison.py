"""What is compared with what, and the bars. Nothing here measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.building.participant import Run

OURS = "govgraph"
#: What does less than we do is a floor, to be kept near: ours ÷ peer. Others do the same job.
FLOORS = ("oxigraph", "first build")


@dataclass(frozen=True)
class Bar:
    """A bar for a ratio at one size; ratios are of whole processes' CPU seconds."""

    case: str
    peer: str
    communities: int
    value: float

    def __str__(self) -> str:
        return f"{'≤' if self.peer in FLOORS else '≥'} {self.value:g}"


BARS = (
    Bar("build", "oxigraph", 10_000, 2.5),
    Bar("build", "oxigraph", 119_000, 3),
    Bar("mapping", "morph-kgc", 10_000, 10),
    Bar("validation", "pyshacl", 100, 100),
    Bar("validation-core", "shacl", 10_000, 1),
)
#: Cases whose participants do not make the same number of triples: their ratios are of a triple.
PER_TRIPLE = ("mapping",)
#: What has to come out the same: case, peer, and the count that both give.
SAME = (
    ("inference", "nemo", "inferred"),
    ("validation", "pyshacl", "results"),
    ("validation-core", "shacl", "results"),
    ("validation-spoiled", "pyshacl", "results"),
    ("validation-spoiled", "shacl", "results"),
)


@dataclass(frozen=True)
class Comparison:
    """One job at one size, done by several; ours is the run named `govgraph`. `about` is what
    else is known: sizes of the data, seconds of steps."""

    case: str
    communities: int
    runs: Mapping[str, Run]
    about: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        runs = {name: run.as_dict() for name, run in self.runs.items()}
        return {"case": self.case, "communities": self.communities, "runs": runs,
                "about": dict(self.about)}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the table of bars: ratios of CPU seconds, of wall seconds, and of the CPU seconds
    of the job alone. `met` is None where it cannot be told, or nothing is asked."""

    case: str
    communities: int
    ours: str
    peer: str
    ratio: str
    wall: str
    step: str
    bar: str
    met: bool | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def differences(found: Comparison) -> list[str]:
    """Peers that came to another count than ours, in words."""
    said = []
    for case, peer, count in SAME:
        if case == found.case and peer in found.runs:
            ours, others = (found.runs[name].said.get(count) for name in (OURS, peer))
            if None not in (ours, others) and ours != others:
                said.append(f"{ours:,} {count}, {peer} {others:,}")
    return said


def rows(found: Comparison) -> list[Row]:
    """Ours beside each peer."""
    return [_row(found, peer) for peer in found.runs if peer != OURS]


def _row(found: Comparison, peer: str) -> Row:
    ours, other = found.runs[OURS], found.runs[peer]
    bars = [bar for bar in BARS if (bar.case, bar.peer) == (found.case, peer)]
    here = next((bar for bar in bars if bar.communities == found.communities), None)
    floor = peer in FLOORS
    above, below = (ours, other) if floor else (other, ours)
    ratio = _over(_cost(found.case, above), _cost(found.case, below))
    wall = _over(_wall(above), _wall(below))
    return Row(
        case=found.case,
        communities=found.communities,
        ours=cost(found.case, ours),
        peer=f"{peer} {cost(found.case, other)}",
        ratio=f"{'ours ÷ peer' if floor else 'peer ÷ ours'} {_bounded(ratio, above, below)}",
        wall=_bounded(wall, above, below),
        step=_bounded(_over(_step(above), _step(below)), above, below),
        bar=str(here)
        if here
        else "; ".join(f"{bar} at {bar.communities:,}" for bar in bars) or "–",
        met=verdict(wall if floor else ratio, above, below, here.value, floor) if here else None,
    )


def verdict(ratio: float | None, above: Run, below: Run, bar: float, floor: bool) -> bool | None:
    """Whether above ÷ below is at most (floor) or at least the bar.

    One that was killed has taken at least its seconds: the ratio is then a bound, which may be
    enough for a verdict. Ours failing breaks any bar.
    """
    ours = above if floor else below
    if ours.failed:
        return False
    if ratio is None:
        return None
    holds = ratio <= bar if floor else ratio >= bar
    if above.killed and below.killed:
        return None
    if above.killed:  # the true ratio is larger
        return holds if holds != floor else None
    if below.killed:  # the true ratio is smaller
        return holds if holds == floor else None
    return holds


def cost(case: str, run: Run) -> str:
    """CPU seconds, of a million triples where these differ; or what went wrong."""
    if run.took is None:
        return "–"
    if run.killed:
        return run.why
    value = _cost(case, run)
    unit = "s a million" if case in PER_TRIPLE else "s"
    return "–" if value is None else f"{value:.2f} {unit}"


def _cost(case: str, run: Run) -> float | None:
    if run.took is None:
        return None
    if case not in PER_TRIPLE:
        return run.took.cpu
    triples = run.said.get("triples")
    return run.took.cpu / triples * 1e6 if triples else None


def _wall(run: Run) -> float | None:
    return run.took.wall if run.took else None


def _step(run: Run) -> float | None:
    """CPU seconds of the job alone, without starting and reading, as the process says."""
    return run.said.get("seconds")


def _over(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def _bounded(ratio: float | None, above: Run, below: Run) -> str:
    if ratio is None or (above.killed and below.killed):
        return "–"
    sign = "> " if above.killed else "< " if below.killed else ""
    return f"{sign}{ratio:.2f}" if ratio < 10 else f"{sign}{ratio:,.0f}"
