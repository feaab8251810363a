"""DESCRIBE gives the triples that Oxigraph gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from answers import built, columns_of, compiled, rows_of
from pyoxigraph import QueryTriples, RdfFormat, Store, Triple, parse

from govgraph.engine import merge
from govgraph.engine.columnar.columns import Columns

DATA = """
@prefix : <http://x/> .
:g { :a :knows :b ; :box _:u . _:u :part _:v . _:v :name "deep" . _:w :knows :a . :c :box _:v }
:h { :b :knows :c ; :age 25 . :a :knows :b . :c :age 30 }
"""
Both = tuple[Store, Columns]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    quads = list(parse(DATA, RdfFormat.TRIG))
    store = Store()
    merge.extend(store, quads)
    with columns_of(quads, tmp_path_factory.mktemp("data") / "columns") as columns:
        yield store, columns


DESCRIBED = {
    "DESCRIBE :a": 4,  # its blank nodes' triples too
    "DESCRIBE ?x { ?y :box ?x }": 2,
    "DESCRIBE :a ?x { ?x :none ?y }": 0,  # no solution, nothing described
    "DESCRIBE :nobody :c": 3,
    "DESCRIBE ?none { ?x :age 25 }": 0,
    "DESCRIBE * { ?x :age ?n }": 5,
    "DESCRIBE ?x { ?x :age ?n } ORDER BY ?n LIMIT 1": 2,
    "DESCRIBE ?n { ?x :age ?n }": 0,
    "DESCRIBE ?x { BIND(IRI(CONCAT('http://x/', 'b')) AS ?x) }": 2,
    "DESCRIBE ?x { { BIND(IRI('http://x/b') AS ?x) } UNION { ?x :box ?v } }": 8,
    "DESCRIBE :a FROM :h": 1,
}


@pytest.mark.parametrize("query", DESCRIBED)
def test_describe(query: str, both: Both) -> None:
    store, columns = both
    text = f"PREFIX : <http://x/> {query}"
    plan = compiled(text, columns)
    ours = {Triple(*triple) for triple in built(plan, rows_of(plan, columns))}
    theirs = store.query(text)
    assert isinstance(theirs, QueryTriples)
    assert ours == set(theirs)
    assert len(ours) == DESCRIBED[query]
