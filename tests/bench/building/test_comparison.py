"""Ratios, bounds and verdicts, from figures that are given."""

from __future__ import annotations

import pytest
from bench.building.comparison import OURS, Comparison, Row, differences, rows, verdict
from bench.building.participant import Run, absent
from bench.process import Step


def took(cpu: float, **said: float) -> Run:
    return Run(Step("x", cpu * 2, cpu, 1_000_000), said)


def killed(cpu: float) -> Run:
    return Run(Step("x", 900, cpu, 1_000_000), why="> 900 s", killed=True)


def row(case: str, communities: int, ours: Run, peer: str, other: Run) -> Row:
    (found,) = rows(Comparison(case, communities, {OURS: ours, peer: other}))
    return found


def test_a_floor_is_kept_near() -> None:
    found = row("build", 10_000, took(25), "oxigraph", took(10))
    assert (found.ours, found.peer) == ("25.00 s", "oxigraph 10.00 s")
    assert (found.ratio, found.wall, found.bar) == ("ours ÷ peer 2.50", "2.50", "≤ 2.5")
    assert found.met is True
    assert row("build", 10_000, took(25.1), "oxigraph", took(10)).met is False
    assert row("build", 119_000, took(25.1), "oxigraph", took(10)).met is True


def test_a_rival_is_to_be_outrun() -> None:
    found = row("validation", 100, took(2, seconds=1.0), "pyshacl", took(200, seconds=190.0))
    assert (found.ratio, found.step, found.bar) == ("peer ÷ ours 100", "190", "≥ 100")
    assert found.met is True
    assert row("validation", 100, took(2.1), "pyshacl", took(200)).met is False


def test_a_bar_is_for_one_size() -> None:
    found = row("build", 1_000, took(90), "oxigraph", took(10))
    assert (found.bar, found.met) == ("≤ 2.5 at 10,000; ≤ 3 at 119,000", None)
    assert row("inference", 100, took(1), "nemo", took(1)).bar == "–"


def test_mapping_is_compared_by_the_triple() -> None:
    ours, other = took(2, triples=4_000_000), took(8, triples=1_000_000)
    found = row("mapping", 10_000, ours, "morph-kgc", other)
    assert (found.ours, found.peer) == ("0.50 s a million", "morph-kgc 8.00 s a million")
    assert (found.ratio, found.wall, found.met) == ("peer ÷ ours 16", "4.00", True)


def test_one_that_was_killed_bounds_the_ratio() -> None:
    found = row("validation", 100, took(2), "pyshacl", killed(800))
    assert (found.peer, found.ratio, found.met) == ("pyshacl > 900 s", "peer ÷ ours > 400", True)
    assert row("validation", 100, took(9), "pyshacl", killed(800)).met is None
    found = row("build", 10_000, killed(800), "oxigraph", took(10))
    assert (found.ratio, found.met) == ("ours ÷ peer > 80", False)


@pytest.mark.parametrize(
    "above, below, ratio, floor, expected",
    [
        (killed(1), took(1), 3, True, False),
        (killed(1), took(1), 1, True, None),
        (killed(1), took(1), 3, False, True),
        (took(1), killed(1), 1, True, True),
        (took(1), killed(1), 3, True, None),
        (took(1), killed(1), 1, False, False),
        (took(1), killed(1), 3, False, None),
        (killed(1), killed(1), 3, False, None),
    ],
)
def test_a_bound_decides_only_in_its_direction(
    above: Run, below: Run, ratio: float, floor: bool, expected: bool | None
) -> None:
    assert verdict(ratio, above, below, 2, floor) is expected


def test_who_is_absent_or_failed() -> None:
    found = row("mapping", 10_000, took(2, triples=1), "morph-kgc", absent("not installed"))
    assert (found.peer, found.ratio, found.met) == ("morph-kgc –", "peer ÷ ours –", None)
    found = row("mapping", 10_000, Run(why="broken"), "morph-kgc", took(1, triples=1))
    assert (found.ours, found.ratio, found.met) == ("–", "peer ÷ ours –", False)


def test_counts_that_should_be_the_same() -> None:
    runs = {OURS: took(1, inferred=1_930), "nemo": took(1, inferred=1_931), "owlrl": took(1)}
    assert differences(Comparison("inference", 20, runs)) == ["1,930 inferred, nemo 1,931"]
    assert differences(Comparison("inference", 20, {**runs, "nemo": took(1, inferred=1_930)})) == []
    assert differences(Comparison("inference", 20, {**runs, "nemo": absent("x")})) == []
