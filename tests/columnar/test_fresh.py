"""RAND, UUID, STRUUID and BNODE: new in each row and each run, one within a row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from answers import Row, columns_of, compiled, rows_of
from pyoxigraph import BlankNode, RdfFormat, parse

from govgraph.engine.columnar.columns import Columns

DATA = "<http://x/g> { <http://x/a> <http://x/p> 1, 2, 3, 4, 5, 6, 7, 8 }"


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Columns]:
    quads = list(parse(DATA, RdfFormat.TRIG))
    with columns_of(quads, tmp_path_factory.mktemp("data") / "columns") as opened:
        yield opened


def rows(text: str, columns: Columns) -> list[Row]:
    return rows_of(compiled(f"SELECT {text}", columns), columns)


@pytest.mark.parametrize("call", ["RAND()", "UUID()", "STRUUID()", "BNODE()", "BNODE('a')"])
def test_new_in_each_row_and_each_run_of_one_plan(call: str, columns: Columns) -> None:
    plan = compiled(f"SELECT ({call} AS ?x) {{ ?s ?p ?o }}", columns)
    assert not plan.volatile
    terms = {row["x"] for _ in range(2) for row in rows_of(plan, columns)}
    assert len(terms) == 16


def test_two_calls_differ_and_one_value_equals_itself(columns: Columns) -> None:
    query = "(RAND() AS ?x) (RAND() = ?x AS ?other) (?x = ?x AS ?same) { ?s ?p ?o }"
    found = rows(query, columns)
    assert {row["other"].value for row in found} == {"false"}
    assert {row["same"].value for row in found} == {"true"}


def test_a_label_is_one_node_in_a_solution(columns: Columns) -> None:
    query = "(BNODE('a') AS ?x) (BNODE('a') AS ?y) (BNODE('b') AS ?z) (BNODE(1) AS ?e) { ?s ?p ?o }"
    for row in rows(query, columns):
        assert isinstance(row["x"], BlankNode)
        assert row["x"] == row["y"] != row["z"]
        assert "e" not in row


def test_a_value_stays_where_a_pattern_uses_it_twice(columns: Columns) -> None:
    exists = "FILTER EXISTS { ?t ?q ?v FILTER(?v > ?x && ?v < 2) }"
    assert len(rows(f"?o {{ ?s ?p ?o BIND(RAND() AS ?x) {exists} }}", columns)) == 8
    optional = "OPTIONAL { ?t ?q ?v FILTER(?v + ?x < 2) } FILTER(BOUND(?v))"
    assert len(rows(f"?o {{ ?s ?p ?o BIND(RAND() AS ?x) {optional} }}", columns)) == 8


def test_a_filter_draws_for_each_solution(columns: Columns) -> None:
    """Of 512 solutions some pass and some do not, unless one draw decided for all."""
    pattern = "{ ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(RAND() < 0.5) }"
    (row,) = rows(f"(COUNT(*) AS ?n) {pattern}", columns)
    assert 100 < int(row["n"].value) < 412
