"""The part in process on a small nation: all engines give the same answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import figures
from bench.data import Nation, Query, generate, read_queries
from bench.engine import Load
from bench.lineup import LineUp
from bench.measure import Method, Timing, measure

from govgraph.engine.hybrid import HybridEngine
from govgraph.http.state import Releases
from govgraph.settings import Settings

COMMUNITIES = 20
METHOD = Method(runs=1, limit=30, cold="files")
#: What rdflib answers in reasonable time.
JUDGED = ("q04", "q06b", "q07", "q08", "q10", "q11")


@pytest.fixture(scope="module")
def bench(shared: Path) -> Path:
    return shared / "bench"


@pytest.fixture(scope="module")
def line_up(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> LineUp:
    folder = tmp_path_factory.mktemp("bench")
    nation = generate(bench / "gen_national.py", COMMUNITIES, folder / "data")
    return LineUp(folder, folder / "peers", nation, reuse=False, say=lambda _: None)


def run(line_up: LineUp, queries: list[Query], only: list[str]) -> dict[str, dict[str, Timing]]:
    timings = {}
    for entrant in line_up.entrants(only):
        entrant.engine.restarts = False  # a start for each query is what takes the time
        timings[entrant.name], memory = measure(
            entrant.engine, queries, entrant.folder, METHOD, lambda *_: None
        )
        assert memory > 0
    return timings


def test_all_ways_of_ours_agree(line_up: LineUp, bench: Path) -> None:
    queries = read_queries(bench / "queries")
    timings = run(line_up, queries, [figures.PROCESS, figures.COLUMNS, figures.ALONE])
    assert figures.mismatches(timings) == []
    assert [len(by_query) for by_query in timings.values()] == [13, 13, 13]
    counts = {query: timing.solutions for query, timing in timings[figures.PROCESS].items()}
    assert counts["q10"] == counts["q11"] == 20 * COMMUNITIES  # each has twenty posts
    assert counts["q08"] == 10


def test_rdflib_agrees(line_up: LineUp, bench: Path) -> None:
    queries = read_queries(bench / "queries", JUDGED)
    timings = run(line_up, queries, [figures.PROCESS, figures.RDFLIB])
    assert figures.mismatches(timings) == []
    assert all(timing.answer for timing in timings[figures.RDFLIB].values())
    assert [step.name for step in line_up.loads["rdflib"].steps] == ["parse"]


def test_the_release_is_one_that_the_service_opens(line_up: LineUp) -> None:
    (entrant,) = line_up.entrants([figures.HTTP])
    opened = Releases(Settings(home=entrant.folder)).open()
    assert isinstance(opened.engine, HybridEngine)
    assert opened.labels.is_file()
    nation: Nation = line_up.nation
    assert opened.engine.columns.columns.triples == nation.triples
    assert {step.name for step in entrant.load.steps} == {"load", "optimize", "columns", "index"}
    assert all(step.wall > 0 and step.memory > 0 for step in entrant.load.steps)
    assert entrant.load.disk.keys() == {"store", "columns"}


def test_a_database_is_loaded_once_if_kept(line_up: LineUp) -> None:
    (first,) = line_up.entrants([figures.HTTP])
    again = LineUp(
        line_up.folder, line_up.peers, line_up.nation, reuse=True, say=lambda _: None
    )  # fmt: skip
    (second,) = again.entrants([figures.HTTP])
    assert isinstance(second.load, Load)
    assert second.load == first.load
