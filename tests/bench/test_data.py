"""What the bench knows of a query, from its text."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.data import ANALYTICAL, LOOKUP, Query, read_queries
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

PREFIX = "PREFIX e: <http://e/>\n"


def test_a_limit_picks_any_rows_unless_they_are_ordered() -> None:
    assert Query("q", "SELECT * WHERE { ?s ?p ?o } LIMIT 10\n").any_rows == 10
    assert Query("q", "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 10").any_rows is None
    assert Query("q", "SELECT * WHERE { { SELECT * { ?s ?p ?o } LIMIT 1 } }").any_rows is None


@pytest.mark.parametrize("limit, expected", [("", 3), (" LIMIT 2", 2)])
def test_the_solutions_of_a_construct_are_counted(limit: str, expected: int) -> None:
    """Three solutions, of which two give the same triple."""
    store = Store()
    for name, value in (("a", "1"), ("a", "2"), ("b", "3")):
        quad = Quad(NamedNode(f"http://e/{name}"), NamedNode("http://e/p"), Literal(value))
        store.add(quad)
    text = f"{PREFIX}CONSTRUCT {{ ?s a e:C }} WHERE {{ ?s e:p ?o }}{limit}"
    solutions = store.query(Query("q", text).counting)
    assert isinstance(solutions, QuerySolutions)
    assert [int(row["n"].value) for row in solutions] == [expected]  # type: ignore[union-attr]


def test_the_thirteen(shared: Path) -> None:
    queries = read_queries(shared / "bench" / "queries")
    ids = [query.id for query in queries]
    assert len(ids) == 13
    assert {LOOKUP, *ANALYTICAL, "q10", "q11"} == set(ids)
    assert [query.id for query in queries if query.any_rows] == ["q10", "q11"]
    assert [query.id for query in queries if query.constructs] == ["q11"]


def test_an_unknown_query(tmp_path: Path) -> None:
    (tmp_path / "q01_x.rq").write_text("ASK {}")
    with pytest.raises(ValueError, match="q77"):
        read_queries(tmp_path, ["q01", "q77"])
