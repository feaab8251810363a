"""What is sent means what was asked: other words for Virtuoso give the same rows on Oxigraph."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode
from tests.catalog.expected import examples

from govgraph.catalog.entry import Entry
from govgraph.catalog.index import entries
from govgraph.catalog.questions import Question, questions
from govgraph.catalog.run import query_text
from govgraph.catalog.values import given
from govgraph.engine.base import Dataset, Row
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.engine.remote.binding import bound
from govgraph.engine.remote.layout import Layout
from govgraph.engine.remote.text import sent
from govgraph.engine.whole import load_whole
from govgraph.http.state import Opened

QUERIES = [entry for entry in entries().values() if entry.query is not None]
BASE = "https://example.org/"
LAYOUT = Layout(BASE, "r1", (f"{BASE}table/a/b.csv", f"{BASE}graph/inferred/chain"))


def same(rows: list[Row]) -> list[str]:
    return sorted(repr(sorted((name, str(term)) for name, term in row.items())) for row in rows)


@pytest.fixture(scope="package")
def exact(opened_here: Opened) -> OxigraphEngine:
    """The release in Oxigraph."""
    return OxigraphEngine(load_whole(sorted(opened_here.release.quads.glob("*.nq"))))


@pytest.mark.parametrize("entry", QUERIES, ids=lambda entry: entry.name)
def test_a_named_query_means_the_same(
    exact: OxigraphEngine, opened_here: Opened, entry: Entry
) -> None:
    text = query_text(entry, given(opened_here.context, entry, examples(entry)))
    other = sent(text, "Virtuoso/07.20")
    assert same(exact.select(other)) == same(exact.select(text))


@pytest.mark.parametrize("question", questions(), ids=lambda item: item.id)
def test_a_question_means_the_same(exact: OxigraphEngine, question: Question) -> None:
    text = question.query.text
    assert same(exact.select(sent(text, "Virtuoso/07.20"))) == same(exact.select(text))


CONDITIONS = [
    'IF(?none >= ?d, "y", "n")', "COALESCE(?none >= ?d, false)", "COALESCE(?none > ?d, true)",
    'IF(COALESCE(?none > ?d, false) || BOUND(?d), "y", "n")', "!(?none = 1)", "?none = 1 || true",
    'IF(!(?none = 1), "y", "n")', 'COALESCE(!(?none = 1), "err")', "?n / 8", "?n / ?none",
    "?n / 0", "?n IN (1, 2)", "?none NOT IN (1, 2)", "isLiteral(?none)",
    'ENCODE_FOR_URI("a b/西")', 'CONCAT("a", ?none)', "DATATYPE(?l)", "DATATYPE(?d)", "BOUND(?none)",
    'IF(BOUND(?none), STR(?none) = "..", BOUND(?d))', "?f || ?none", "?f && ?none", "!?f",
    "COALESCE(?none && ?f, ?n = 1)", "EXISTS { ?s <urn:n> 1 }", "NOT EXISTS { ?s <urn:n> 1 }",
    'STRSTARTS(?l, "x")', "IF(?f, 1, IF(?none, 2, 3))", "(?n = 1) = (?n = 2)",
]  # fmt: skip
PLACE = (
    """{ ?s <urn:n> ?n ; <urn:d> ?d ; <urn:f> ?f ; <urn:l> ?l OPTIONAL { ?s <urn:no> ?none } }"""
)


@pytest.fixture(scope="package")
def small() -> OxigraphEngine:
    engine = OxigraphEngine(load_whole([]))
    engine.store.update("""INSERT DATA { <urn:a> <urn:n> 1 ; <urn:f> false ; <urn:l> "x"@en ;
        <urn:d> "2020-01-02"^^<http://www.w3.org/2001/XMLSchema#date> }""")
    return engine


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize(
    "form",
    [
        "SELECT ?x WHERE { %s BIND(%s AS ?x) }",
        "SELECT ?n WHERE { %s FILTER(%s) }",
        "SELECT ?n WHERE { %s FILTER(!(%s)) }",
        "SELECT (COUNT(DISTINCT ?x) AS ?c) WHERE { %s BIND(%s AS ?x) } GROUP BY ?n",
        "SELECT (COUNT(?none) AS ?x) (SUM(?none) AS ?y) WHERE { %s FILTER(%s) }",
        "SELECT ?n WHERE { %s } ORDER BY (%s)",
    ],
)
def test_conditions_are_said_in_three_truths(
    small: OxigraphEngine, condition: str, form: str
) -> None:
    text = form % (PLACE, condition)
    assert same(small.select(sent(text, "Virtuoso"))) == same(small.select(text))


def test_only_the_prefixes_that_are_used_are_added() -> None:
    asked = 'PREFIX gov: <urn:mine> SELECT ?s { ?s a gov:Post ; skos:prefLabel "foaf" }'
    assert sent(asked, "Oxigraph/0.5") == (
        f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n{asked}"
    )


def test_a_query_looks_at_the_merge_and_at_graphs_only_when_it_names_them() -> None:
    plain, named = "SELECT * { ?s ?p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    assert LAYOUT.parameters(plain, Dataset()) == [("default-graph-uri", LAYOUT.merge)]
    graphs = [("named-graph-uri", graph) for graph in LAYOUT.graphs]
    assert LAYOUT.parameters(named, Dataset())[1:] == graphs
    stated = LAYOUT.parameters(named, Dataset(inference=False))
    assert stated == [("default-graph-uri", LAYOUT.stated), graphs[0]]
    assert LAYOUT.parameters("SELECT * FROM <urn:g> { ?s ?p ?o }", Dataset()) == []
    assert LAYOUT.parameters(named, Dataset(["urn:a"], ["urn:b"])) == [
        ("default-graph-uri", "urn:a"),
        ("named-graph-uri", "urn:b"),
    ]


def test_values_are_put_into_a_query(small: OxigraphEngine) -> None:
    given = bound("SELECT ?s ?n WHERE { ?s <urn:n> ?n } LIMIT 1", {"s": NamedNode("urn:a")})
    assert "?s" not in given.text
    assert given.rows(small.select(given.text)) == small.select("SELECT ?s ?n { ?s <urn:n> ?n }")
