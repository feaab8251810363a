"""Bars that are kept by ourselves."""

from __future__ import annotations

import pytest
from bench.building import absolute
from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run, absent
from bench.process import Step


def run(cpu: float, wall: float = 1, **said: float) -> Run:
    return Run(Step("x", wall, cpu, 1), said)


def verdicts(*found: Comparison) -> list[tuple[str, str, bool | None]]:
    return [(row.case, row.ours, row.met) for row in absolute.rows(found)]


def mapping(communities: int, ours: Run) -> Comparison:
    return Comparison("mapping", communities, {OURS: ours})


def test_speed_of_mapping() -> None:
    fast, slow = run(9, triples=800_000, seconds=2.0), run(9, triples=799_999, seconds=2.0)
    assert verdicts(mapping(10_000, fast)) == [("mapping", "400,000 quads/s/core", True)]
    assert verdicts(mapping(10_000, slow)) == [("mapping", "400,000 quads/s/core", False)]
    assert verdicts(mapping(100, slow)) == [("mapping", "400,000 quads/s/core", None)]
    assert verdicts(mapping(10_000, Run(why="broken"))) == [("mapping", "broken", False)]


def test_the_code_table_has_a_minute_and_a_half() -> None:
    assert verdicts(Comparison("codes", 0, {OURS: run(1, 90)})) == [("codes", "90.0 s", True)]
    assert verdicts(Comparison("codes", 0, {OURS: run(1, 90.1)})) == [("codes", "90.1 s", False)]
    missing = Comparison("codes", 0, {OURS: absent("villages.csv is not in x")})
    assert verdicts(missing) == [("codes", "villages.csv is not in x", None)]
    broken = Comparison("codes", 0, {OURS: Run(why="refused")})
    assert verdicts(broken) == [("codes", "refused", False)]


@pytest.mark.parametrize("seconds, met", [(91, False), (60, None)])
def test_a_code_table_that_was_given_up(seconds: float, met: bool | None) -> None:
    killed = Run(Step("x", seconds, 1, 1), why=f"> {seconds} s", killed=True)
    assert verdicts(Comparison("codes", 0, {OURS: killed})) == [("codes", f"> {seconds} s", met)]


def build(communities: int, cpu: float) -> Comparison:
    return Comparison("build", communities, {OURS: run(cpu)}, {"quads": communities * 400})


def test_growth_is_told_of_a_quad() -> None:
    small, large = build(1_000, 10), build(119_000, 119 * 15)
    assert verdicts(large, small) == [("build, growth", "1.50 × a quad from 1,000", True)]
    larger = build(119_000, 119 * 15.1)
    assert verdicts(small, larger) == [("build, growth", "1.51 × a quad from 1,000", False)]
    middle = build(10_000, 100)
    assert verdicts(small, middle) == [("build, growth", "1.00 × a quad from 1,000", None)]


def test_growth_needs_two_sizes_that_were_built() -> None:
    failed = Comparison("build", 119_000, {OURS: absent("refused")})
    assert verdicts(build(1_000, 10), failed) == []
    assert verdicts(build(100, 10), build(10_000, 10)) == []
