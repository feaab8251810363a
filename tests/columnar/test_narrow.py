"""Queries that begin at the nodes they name say the same as before, and are lookups then."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import NamedNode, Quad, Store

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.write import printed
from govgraph.engine.faults import may_err, oxigraph_errs
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.narrow import MOST, narrowed
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.http.state import Opened
from govgraph.vocabulary import PREFIXES

DATA = """PREFIX : <urn:x:> INSERT DATA {
  :a :in :b . :b :in :c . :c :in :a . :d :in :c . :a :in 'text' .
  :n1 :about :a ; :says 1 . :n2 :about :b ; :from 2 ; :until 3 . :n3 :about :b ; :from 4 .
  :n4 :about :c ; :from 5, 6 ; :until 7 }"""
QUERIES = [
    "SELECT * { :a :in* ?x }",
    "SELECT * { :a :in+ ?x . ?n :about ?x }",
    "SELECT * { :a :in? ?x OPTIONAL { ?n :about ?x } }",
    "SELECT * { ?x :in* :c . ?n :about ?x ; :from ?f }",
    "SELECT * { :c ^:in+ ?x }",
    "SELECT * { :zz :in* ?x }",
    "SELECT * { ?x :in* :zz }",
    "SELECT * { :a :in* :a . ?n :about :a }",
    "SELECT * { ?n :about ?x FILTER(?x = :b) OPTIONAL { ?n :from ?f ; :until ?u } }",
    "SELECT * { { ?n :about ?x } UNION { ?x :in ?n } FILTER(?x = :b) }",
    "SELECT * { ?n :says ?s OPTIONAL { ?n :about ?x } FILTER(?x = :b) }",
    "SELECT * { ?n :about ?x OPTIONAL { ?m :about ?x } MINUS { ?x :in :c } FILTER(?x = :b) }",
    "SELECT * { ?n :about ?x BIND(BOUND(?x) AS ?y) FILTER(?x = :b) }",
    "SELECT * { ?x :in* :c . ?n :about ?x OPTIONAL { ?n :from ?f ; :until ?u } }",
    "SELECT * { :a :in* ?x . ?n :about ?x OPTIONAL { ?n :from ?f ; :until ?f } }",
    "SELECT * { :a :in* ?x . ?n :about ?x; :from ?f OPTIONAL { ?n :from ?f ; :until ?u } }",
    "SELECT ?x (COUNT(*) AS ?k) { :a :in* ?x . ?n :about ?x } GROUP BY ?x",
    "SELECT * { ?n :about ?x FILTER NOT EXISTS { ?x :in* :d } FILTER(?x = :b) }",
]


@pytest.fixture(scope="module")
def store() -> OxigraphEngine:
    made = Store()
    made.update(DATA)
    return OxigraphEngine(made)


def _query(text: str) -> a.Query:
    return parse(text, prefixes=PREFIXES | {"": "urn:x:"})


def _rows(engine: OxigraphEngine, text: str) -> Counter[frozenset[tuple[str, str]]]:
    rows = engine.select(text)
    return Counter(frozenset((name, str(term)) for name, term in row.items()) for row in rows)


@pytest.mark.parametrize("text", QUERIES)
def test_the_answer_is_the_same(store: OxigraphEngine, text: str) -> None:
    query = _query(text)
    found = narrowed(query, store.linked)
    if ":zz" in text:  # Oxigraph says nothing of a term that is not in the data
        (only,) = _rows(store, printed(found))
        assert only == {("x", "<urn:x:zz>")}
    else:
        assert _rows(store, printed(found)) == _rows(store, printed(query))


def test_paths_from_a_node_are_listed(store: OxigraphEngine) -> None:
    found = printed(narrowed(_query("SELECT * { :d :in* ?x }"), store.linked))
    assert "VALUES" in found
    assert not oxigraph_errs(parse(found, prefixes=PREFIXES))


def test_a_long_way_stays_a_path() -> None:
    made, link = Store(), NamedNode("urn:x:in")
    made.extend(Quad(NamedNode(f"urn:x:{n}"), link, NamedNode("urn:x:top")) for n in range(MOST))
    query = _query("SELECT * { ?x :in* :top }")
    assert narrowed(query, OxigraphEngine(made).linked) == query


def test_graphs_by_name_are_left_alone(store: OxigraphEngine) -> None:
    query = _query("SELECT * { GRAPH ?g { :a :in* ?x } }")
    assert narrowed(query, store.linked) == query


@pytest.mark.parametrize(
    ("text", "errs"),
    [
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", False),
        ("SELECT * { GRAPH ?g { ?s ?p ?g } }", True),
        ("SELECT * { GRAPH ?g { ?s ?p ?o FILTER(BOUND(?g)) } }", True),
        ("SELECT * { GRAPH ?g { ?s ?p ?o MINUS { ?g ?p ?o } } }", True),
        ("SELECT * { GRAPH ?g { } }", True),
        ("SELECT * { :a :in * ?x }", True),
        ("SELECT * { :a (:in|:of)? ?x }", True),
        ("SELECT (GROUP_CONCAT(?o) AS ?all) { ?s ?p ?o }", True),
        ("SELECT * { ?s ?p ?o BIND(BNODE('x') AS ?b) }", True),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", False),
    ],
)
def test_a_quick_look_lets_no_fault_pass(text: str, errs: bool) -> None:
    assert oxigraph_errs(_query(text)) == errs
    assert may_err(text) or not errs


def test_a_path_errs_only_where_its_node_is_unknown(store: OxigraphEngine) -> None:
    query = "SELECT * { %s (:in|:of)* ?x }"
    assert not oxigraph_errs(_query(query % ":a"), store.has)
    assert oxigraph_errs(_query(query % ":zz"), store.has)
    assert oxigraph_errs(_query("SELECT * { ?x :in* 'text' }"), store.has)


def test_what_is_sure_for_one_node_is_no_example_for_others(opened: Opened) -> None:
    """A route may be remembered by the shape of its query, unless it hangs on the node in it."""
    engine = opened.engine
    assert isinstance(engine, HybridEngine)
    query = "SELECT ?x WHERE {{ <{}place/{}> (gov:parentPlace|gov:about)* ?x }}"
    known, unknown = (query.format(opened.context.base, key) for key in ("pl-xiyuan", "nowhere"))
    route = engine.route(known)
    assert (route.engine, route.lookup) == ("oxigraph", None)
    assert engine.route(unknown).engine == "columns"
    assert len(engine.select(known)) > 1
    assert [row["x"].value for row in engine.select(unknown)] == [
        f"{opened.context.base}place/nowhere"
    ]
