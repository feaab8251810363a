"""Ratios, geometric means and bars, with queries that did not end and engines that failed."""

from __future__ import annotations

from collections import Counter

import pytest
from bench import figures
from bench.answers import Answer
from bench.data import ANALYTICAL
from bench.engine import Load
from bench.measure import Timing
from bench.process import Step

LIMIT = 60.0


def warm(*seconds: float) -> Timing:
    return Timing(LIMIT, cold=1.0, warm=list(seconds))


NEVER = Timing(LIMIT, unfinished=True)
FAILED = Timing(LIMIT, error="status 500")


def test_the_median_counts() -> None:
    assert warm(0.5, 0.1, 0.2).seconds == 0.2


def test_a_query_that_did_not_end_counts_as_its_limit() -> None:
    timings = {figures.HTTP: {"q03": warm(0.1)}, figures.SERVE: {"q03": NEVER}}
    assert figures.ratio(timings, figures.SERVE, figures.HTTP, "q03") == pytest.approx(600)


def test_a_failure_has_no_ratio() -> None:
    timings = {figures.HTTP: {"q03": warm(0.1)}, figures.SERVE: {"q03": FAILED}}
    assert figures.ratio(timings, figures.SERVE, figures.HTTP, "q03") is None
    assert figures.ratio(timings, figures.VIRTUOSO, figures.HTTP, "q03") is None


def test_the_geometric_mean() -> None:
    assert figures.geometric_mean([1, 10, 100]) == pytest.approx(10)
    with pytest.raises(ValueError):
        figures.geometric_mean([])


def test_the_mean_is_over_the_analytical_queries() -> None:
    ours = {query: warm(0.1) for query in (*ANALYTICAL, "q01", "q10", "q11")}
    theirs = {query: warm(1.0) for query in ANALYTICAL} | {"q01": warm(50.0), "q10": warm(50.0)}
    timings = {figures.HTTP: ours, figures.SERVE: theirs | {"q03": NEVER}}
    mean = figures.mean_over(timings, figures.SERVE)
    assert mean == (pytest.approx((10**9 * 600) ** 0.1), 10)


def test_a_mean_over_fewer_queries_decides_no_bar() -> None:
    timings = {figures.HTTP: {"q02": warm(0.1)}, figures.SERVE: {"q02": warm(10.0)}}
    bar = figures.bars(timings, None, 1)[1]
    assert (bar.found, bar.met) == ("100.0 × over 1", None)


@pytest.mark.parametrize(
    "ours, virtuoso, met",
    [
        (warm(0.1), warm(0.1), True),
        (warm(0.14), warm(0.1), False),
        (warm(2.5), NEVER, False),
        (warm(0.1), FAILED, None),
        (FAILED, warm(0.1), None),
        (NEVER, NEVER, False),
    ],
)
def test_the_bar_of_a_query(ours: Timing, virtuoso: Timing, met: bool | None) -> None:
    timings = {figures.HTTP: {"q02": ours}, figures.VIRTUOSO: {"q02": virtuoso}}
    assert figures.query_bar(timings, "q02").met is met


def test_a_lookup_may_not_lose_to_oxigraph_in_process() -> None:
    timings = {name: {"q01": warm(0.01)} for name in (figures.HTTP, figures.ALONE)}
    assert figures.query_bar(timings | {figures.PROCESS: {"q01": warm(0.012)}}, "q01").met
    slower = timings | {figures.PROCESS: {"q01": warm(0.013)}}
    assert figures.query_bar(slower, "q01").met is False


def test_bars_over_all() -> None:
    slow = {query: warm(40.0) for query in ANALYTICAL}
    timings = {
        figures.HTTP: {query: warm(1.0) for query in ANALYTICAL},
        figures.SERVE: slow,
        figures.VIRTUOSO: slow | {"q09": warm(0.5)},
    }
    steps = [Step("load", 70, 60, 0), Step("optimize", 30, 30, 0), Step("columns", 20, 19, 0)]
    load = Load(steps, {"store": 999, "columns": 2_100})
    found = [(bar.found, bar.met) for bar in figures.bars(timings, load, 100)]
    assert found == [
        ("q02 1.000 s", True),
        ("40.0 ×", True),
        ("25.8 ×", True),
        ("q09 2.00 ×; over it: q09", False),
        ("–", None),
        ("20% of the wall time, 21% of the CPU time", True),
        ("21.0", False),
    ]


def test_what_failed_or_differs_is_said() -> None:
    def answered(*rows: str) -> Timing:
        return Timing(LIMIT, warm=[0.1], answer=Answer(len(rows), Counter(rows)))

    same = {"a": {"q": answered("x", "y")}, "b": {"q": answered("y", "x")}, "c": {"q": NEVER}}
    assert figures.mismatches(same) == []
    found = figures.mismatches(same | {"d": {"q": answered("x")}, "e": {"q": FAILED}})
    assert found == ["q: e failed: status 500", "q: d differs from a: 1 solutions, not 2"]
