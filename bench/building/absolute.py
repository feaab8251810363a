"""Bars that ours has to keep by itself: a speed, seconds, and how a build grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench.building.comparison import OURS, Comparison, Row
from bench.building.participant import Run

#: Quads that mapping and checking make in a second of CPU, on tables large enough to tell.
LEAST_QUADS, QUADS_AT = 400_000, 10_000
CODE_TABLE_SECONDS = 90
GROWTH, GROWTH_FROM, GROWTH_TO = 1.5, 1_000, 119_000


def rows(found: Sequence[Comparison]) -> Iterator[Row]:
    """The bars that apply to what was measured."""
    for one in found:
        ours = one.runs[OURS]
        if one.case == "mapping":
            yield _speed(one.communities, ours)
        if one.case == "codes":
            yield _code_table(ours)
    yield from growth_rows(found)


def _speed(communities: int, ours: Run) -> Row:
    asked = communities >= QUADS_AT
    bar = f"≥ {LEAST_QUADS:,} quads/s/core" if asked else "–"
    if ours.why:
        return _row("mapping", communities, ours.why, bar, False if asked else None)
    speed = ours.said["triples"] / ours.said["seconds"]
    met = speed >= LEAST_QUADS if asked else None
    return _row("mapping", communities, f"{speed:,.0f} quads/s/core", bar, met)


def _code_table(ours: Run) -> Row:
    bar = f"≤ {CODE_TABLE_SECONDS} s"
    if ours.took is None:
        return _row("codes", 0, ours.why, bar, False if ours.failed else None)
    if ours.killed:  # that it would have ended in time is not known
        broken = ours.took.wall > CODE_TABLE_SECONDS
        return _row("codes", 0, ours.why, bar, False if broken else None)
    wall = ours.took.wall
    return _row("codes", 0, f"{wall:.1f} s", bar, wall <= CODE_TABLE_SECONDS)


def per_quad(found: Comparison, name: str) -> float | None:
    """CPU microseconds of one asserted quad; None without figures of a whole run."""
    run, quads = found.runs.get(name), found.about.get("quads")
    return run.took.cpu / quads * 1e6 if run and run.took and not run.why and quads else None


def growth_rows(found: Iterable[Comparison]) -> Iterator[Row]:
    """How much more a quad takes in the largest build than in that of 1,000 communities."""
    costs = {
        one.communities: cost
        for one in found
        if one.case == "build" and (cost := per_quad(one, OURS)) is not None
    }
    last = max(costs, default=0)
    if GROWTH_FROM not in costs or last <= GROWTH_FROM:
        return
    growth = costs[last] / costs[GROWTH_FROM]
    asked = last == GROWTH_TO
    bar = f"≤ {GROWTH:g} × from {GROWTH_FROM:,} to {GROWTH_TO:,}"
    ours = f"{growth:.2f} × a quad from {GROWTH_FROM:,}"
    yield _row("build, growth", last, ours, bar, growth <= GROWTH if asked else None)


def _row(case: str, communities: int, ours: str, bar: str, met: bool | None) -> Row:
    return Row(case, communities, ours, "–", "–", "–", "–", bar, met)
