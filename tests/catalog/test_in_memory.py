"""A small release gives the same answers from its files and once it is in memory."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from govgraph.catalog.index import entries
from govgraph.catalog.run import run
from govgraph.catalog.values import as_texts
from govgraph.engine.hybrid import HybridEngine
from govgraph.http.ahead import read_ahead
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings


@pytest.fixture(scope="module")
def both(whole_home: Path) -> tuple[Opened, Opened]:
    settings = Settings(home=whole_home)
    files, memory = Releases(settings).open(), Releases(settings).open()
    read_ahead(memory)
    return files, memory


def is_in_memory(opened: Opened) -> bool:
    assert isinstance(opened.engine, HybridEngine)
    return opened.engine.in_memory


def test_it_is_taken_into_memory_when_it_is_read_ahead(both: tuple[Opened, Opened]) -> None:
    assert [is_in_memory(one) for one in both] == [False, True]


def test_a_forced_engine_and_a_large_release_are_not(
    whole_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced = Releases(Settings(home=whole_home, engine="oxigraph")).open()
    monkeypatch.setattr("govgraph.engine.whole.SERVED_BYTES", 1000)
    large = Releases(Settings(home=whole_home)).open()
    for opened in (forced, large):
        read_ahead(opened)
        assert not is_in_memory(opened)


@pytest.mark.parametrize("name", sorted(entries()))
def test_entries_of_the_catalogue(both: tuple[Opened, Opened], name: str) -> None:
    entry = entries()[name]
    texts = {p.name: found for p in entry.parameters if (found := as_texts(p.example))}
    ours, theirs = (run(opened.context, entry, texts).frame for opened in both)
    assert told(ours) == told(theirs)


def told(frame: pl.DataFrame) -> list[str]:
    """The rows in an order of their own, and lists within them, which have none."""
    rows = ((sorted(v) if isinstance(v, list) else v for v in row) for row in frame.rows())
    return sorted(str(tuple(row)) for row in rows)


def test_graphs_by_name_and_datasets(both: tuple[Opened, Opened]) -> None:
    for query in (
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "SELECT ?g { GRAPH ?g { ?s a gov:Place } }",
        "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/govgraph/ontology> { ?s ?p ?o }",
        "SELECT ?s ?end { ?s gov:parentPlace* ?end FILTER(ISIRI(?s)) }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    ):
        ours, theirs = (opened.engine.select(query) for opened in both)
        assert sorted(map(str, ours)) == sorted(map(str, theirs)), query
