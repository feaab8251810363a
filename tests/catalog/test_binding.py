"""Parameters are put into queries as terms: no text of a caller ever becomes syntax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from govgraph.catalog.binding import bound, misused

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBER = Literal("7", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))


def answer(query: str) -> list[dict[str, str]]:
    """The rows of a query on three triples."""
    store = Store()
    store.update('INSERT DATA { <urn:a> <urn:p> 7 . <urn:b> <urn:p> 8 . <urn:c> <urn:p> "7" }')
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{n: s[n].value for n in names if s[n] is not None} for s in solutions]


@given(ANY_TEXT)
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    query = bound("SELECT (STR(?name) AS ?x) WHERE { }", {"name": [Literal(text)]}, ["name"])
    assert answer(query) == [{"x": text}]


@given(ANY_TEXT)
def test_a_text_changes_no_more_than_its_own_place(text: str) -> None:
    before = "SELECT ?s WHERE { ?s ?p ?o FILTER (STR(?o) = ?name) } ORDER BY ?s"
    rows = answer(bound(before, {"name": [Literal(text)]}, ["name"]))
    assert rows == (
        [{"s": "urn:a"}, {"s": "urn:c"}] if text == "7" else [{"s": "urn:b"}] * (text == "8")
    )


def test_only_variables_are_replaced() -> None:
    query = """# ?x
        SELECT ("?x" AS ?y) ('''$x''' AS ?z) (?p AS ?w) WHERE { ?s ?p ?o . FILTER($x = ?o) # ?x
        }"""
    rows = answer(bound(query, {"x": [NUMBER]}, ["x"]))
    assert rows == [{"y": "?x", "z": "$x", "w": "urn:p"}]


@pytest.mark.parametrize("given", [True, False])
def test_what_hangs_on_a_parameter_is_decided_at_once(given: bool) -> None:
    query = """SELECT ?s WHERE { ?s ?p ?o
      FILTER (!BOUND(?x) || EXISTS { ?s ?q ?x })
      FILTER (BOUND(?x) && ?o > 7 || !BOUND(?x) && ?o < 8)
      BIND (IF(BOUND(?x), 1, 2) AS ?z) }"""
    text = bound(query, {"x": [NUMBER]} if given else {}, ["x"])
    assert ("EXISTS" in text) == given
    assert "BOUND" not in text
    assert "IF" not in text
    assert answer(text) == ([] if given else [{"s": "urn:a"}])


def test_what_is_not_given_lets_everything_through() -> None:
    query = "SELECT ?s WHERE { ?s ?p ?o FILTER (!BOUND(?name) || ?o = ?name) } ORDER BY ?s"
    assert len(answer(bound(query, {}, ["name"]))) == 3
    assert answer(bound(query, {"name": [NUMBER]}, ["name"])) == [{"s": "urn:a"}]


def test_several_values_stand_in_a_list() -> None:
    query = "SELECT ?s WHERE { ?s ?p ?o FILTER (!BOUND(?names) || ?o IN (?names)) } ORDER BY ?s"
    several = {"names": [NUMBER, Literal("7")]}
    assert answer(bound(query, several, ["names"])) == [{"s": "urn:a"}, {"s": "urn:c"}]
    with pytest.raises(ValueError, match="several values"):
        bound("SELECT ?s WHERE { ?s ?p ?names }", several, ["names"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x WHERE { ?s ?p ?x }",
        "SELECT ?s WHERE { ?s ?p ?o BIND (1 AS ?x) }",
        "SELECT ?s WHERE { { SELECT (COUNT(*) AS ?x) { ?s ?p ?o } } }",
    ],
)
def test_a_query_that_shows_or_binds_a_parameter_is_noticed(query: str) -> None:
    assert misused(query, {"x"}) == "x"
    assert misused(query, {"other"}) is None
