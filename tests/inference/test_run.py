"""Each family of rules on a graph small enough to write out what follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store, Triple
from tests.inference.reference import infer
from tests.inference.small import BASE, by_family, store_of
from tests.service.conftest import store_of as release_store

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.http.state import Opened
from govgraph.vocabulary import inferred_graph, is_inferred

Triples = set[tuple[str, str, str]]


def inferred(store: Store) -> dict[str, Triples]:
    """Family -> triples, IRIs shortened."""
    return {family: set(map(short, triples)) for family, triples in by_family(store).items()}


def short(triple: Triple) -> tuple[str, str, str]:
    s, p, o = (
        str(term).strip("<>").removeprefix("x:").rpartition("#")[2]
        for term in (triple.subject, triple.predicate, triple.object)
    )
    return s, p, o


CASES = {
    "subclass": (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf owl:Thing .",
        ":x a :A . :y a :B .",
        {"subclass": {("x", "type", "B"), ("x", "type", "C"), ("y", "type", "C")}},
    ),
    "subclass of a cycle": (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
        ":x a :A .",
        {"subclass": {("x", "type", "B")}},
    ),
    "subproperty": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        ':x :p :y . :x :q "1" .',
        {"subproperty": {("x", "q", "y"), ("x", "r", "y"), ("x", "r", '"1"')}},
    ),
    "inverse, read in both directions": (
        ":p owl:inverseOf :q .",
        ':x :p :y . :z :q :x . :x :p "text" .',
        {"inverse": {("y", "q", "x"), ("x", "p", "z")}},
    ),
    "equivalent classes and properties": (
        ":A owl:equivalentClass :B . :B rdfs:subClassOf :C . :q owl:equivalentProperty :p .",
        ":x a :B . :y a :A . :x :p :y .",
        {
            "subclass": {
                ("x", "type", "A"),
                ("x", "type", "C"),
                ("y", "type", "B"),
                ("y", "type", "C"),
            },
            "subproperty": {("x", "q", "y")},
        },
    ),
    "a superclass behind one without a name": (
        ":A rdfs:subClassOf [ rdfs:subClassOf :B ] .",
        ":x a :A .",
        {"subclass": {("x", "type", "B")}},
    ),
    "an inverse of itself": (
        ":p owl:inverseOf :p .",
        ":x :p :y .",
        {"inverse": {("y", "p", "x")}},
    ),
    "symmetric": (
        ":p a owl:SymmetricProperty .",
        ":x :p :y . :y :p :x . :x :p :z .",
        {"inverse": {("z", "p", "x")}},
    ),
    "transitive": (
        ":p a owl:TransitiveProperty .",
        ":a :p :b . :b :p :c . :c :p :d .",
        {"transitive": {("a", "p", "c"), ("a", "p", "d"), ("b", "p", "d")}},
    ),
    "chain": (
        ":r owl:propertyChainAxiom ( :p :q :p ) .",
        ":a :p :b . :b :q :c . :c :p :d . :b :p :c .",
        {"chain": {("a", "r", "d")}},
    ),
    "two chains of one property, the first with an inverse step": (
        ":r owl:propertyChainAxiom ( [ owl:inverseOf :p ] :q ) , ( :q :q ) .",
        ":b :p :a . :b :q :c . :c :q :d .",
        {"chain": {("a", "r", "c"), ("b", "r", "d")}},
    ),
    "a chain through a property with two inverses keeps its order": (
        ":r owl:propertyChainAxiom ( :p :q ) . :q owl:inverseOf :q1 , :q2 .",
        ":a :p :b . :b :q :c .",
        {"inverse": {("c", "q1", "b"), ("c", "q2", "b")}, "chain": {("a", "r", "c")}},
    ),
    "no domain, no range": (
        ":p rdfs:domain :A ; rdfs:range :B .",
        ":x :p :y .",
        {},
    ),
    "to the fixpoint: chain over an inverse, its result under a superproperty that is transitive": (
        ":has owl:inverseOf :member . :holds owl:propertyChainAxiom ( :has :post ) ."
        " :holds rdfs:subPropertyOf :near . :near a owl:TransitiveProperty .",
        ":t :member :anna . :t :post :chair . :chair :near :desk .",
        {
            "inverse": {("anna", "has", "t")},
            "chain": {("anna", "holds", "chair")},
            "subproperty": {("anna", "near", "chair")},
            "transitive": {("anna", "near", "desk")},
        },
    ),
}


@pytest.mark.parametrize(("axioms", "facts", "expected"), CASES.values(), ids=CASES)
def test_what_follows(axioms: str, facts: str, expected: dict[str, Triples]) -> None:
    store = store_of(axioms, facts)
    counts = infer(store, [], BASE)
    assert inferred(store) == expected
    assert {k: n for k, n in counts.items() if n} == {k: len(v) for k, v in expected.items()}
    assert not any(infer(store, [], BASE).values()), "a second run adds nothing"


def test_rule_files_run_once_after_the_axioms(tmp_path: Path) -> None:
    rule = tmp_path / "expected-x.rq"
    rule.write_text("CONSTRUCT { ?x <x:expected> ?y . ?x a <x:A> } WHERE { ?x <x:q> ?y }")
    store = store_of(":p rdfs:subPropertyOf :q . :A rdfs:subClassOf :B .", ":x :p :y .")
    infer(store, [rule], BASE)
    assert inferred(store) == {
        "subproperty": {("x", "q", "y")},
        "expected-x": {("x", "expected", "y"), ("x", "type", "A")},
    }


def test_each_family_of_the_shipped_data_has_its_graph(opened: Opened) -> None:
    graphs = {graph for graph in opened.engine.graphs() if is_inferred(graph)}
    families = (
        "subclass", "subproperty", "inverse", "transitive", "chain", "expected-appointments",
    )  # fmt: skip
    assert graphs == {inferred_graph("https://w3id.org/govgraph/id/", name) for name in families}


def test_nothing_asserted_is_inferred_again(opened: Opened) -> None:
    rows = opened.engine.select(
        """SELECT ?s ?p ?o WHERE { GRAPH ?i { ?s ?p ?o } FILTER(CONTAINS(STR(?i), "/graph/inferred/"))
           GRAPH ?a { ?s ?p ?o } FILTER(?a != ?i) } LIMIT 5"""
    )
    assert rows == []


def test_the_default_graph_is_the_merge_of_all_graphs(opened: Opened) -> None:
    """Blank nodes included: a list of the ontology can be walked from either side."""
    quads = list(release_store(opened))
    named = {q.triple for q in quads if isinstance(q.graph_name, NamedNode)}
    merged = [q.triple for q in quads if not isinstance(q.graph_name, NamedNode)]
    assert len(merged) == len(set(merged))
    assert set(merged) == named


def test_the_chain_of_the_ontology_is_followed(opened: Opened) -> None:
    engine = OxigraphEngine(release_store(opened))
    rows = engine.select(
        "SELECT ?place WHERE { <https://w3id.org/govgraph/id/person/ex-c01-p1> gov:holdsPostAt ?place }"
    )
    assert [row["place"].value.rpartition("/")[2] for row in rows] == ["ex-c01"]
