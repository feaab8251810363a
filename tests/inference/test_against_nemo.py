"""The rules against Nemo, a Datalog engine: the same triples from the same axioms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import BlankNode, NamedNode, Quad, Store
from pyoxigraph import Literal as OxLiteral
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node
from tests.inference import small
from tests.inference.datalog import Fact, closure
from tests.service.conftest import store_of as release_store

from govgraph.http.state import Opened
from govgraph.vocabulary import ONTOLOGY_GRAPH, is_inferred

#: The families that come from axioms; what rule files expect is no inference of OWL.
FAMILIES = ("subclass", "subproperty", "inverse", "transitive", "chain")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("datalog")


def agree(store: Store, folder: Path) -> dict[str, set[Fact]]:
    """Both have inferred the same; each triple is in the graph of a family that gives it."""
    ours: dict[str, set[Fact]] = {family: set() for family in FAMILIES}
    given, ontology = set(), Graph()
    for name, fact in named(store):
        family = name.rpartition("/")[2]
        if not is_inferred(name):
            given.add(fact)
        elif family in ours:
            ours[family].add(fact)
        if name == ONTOLOGY_GRAPH:
            ontology.add(fact)
    nemos = closure(ontology, given, folder)
    assert set().union(*ours.values()) == set().union(*nemos.values(), set())
    assert [family for family, facts in ours.items() if not facts <= nemos.get(family, set())] == []
    return ours


def named(store: Store) -> Iterator[tuple[str, Fact]]:
    """The triples of the named graphs in the words of rdflib."""
    for quad in store:
        if isinstance(quad.graph_name, NamedNode):
            yield quad.graph_name.value, fact(quad)


def fact(quad: Quad) -> Fact:
    return converted(quad.subject), converted(quad.predicate), converted(quad.object)


def converted(term: object) -> Node:
    if isinstance(term, OxLiteral):
        kind = None if term.language else URIRef(term.datatype.value)
        return Literal(term.value, lang=term.language, datatype=kind, normalize=False)
    assert isinstance(term, NamedNode | BlankNode)
    return URIRef(term.value) if isinstance(term, NamedNode) else BNode(term.value)


def test_the_shipped_data(opened: Opened, folder: Path) -> None:
    ours = agree(release_store(opened), folder)
    assert all(ours.values()), "the shipped data puts every family to work"


@given(axioms=small.axioms, facts=small.facts)
def test_random_ontologies(folder: Path, axioms: str, facts: str) -> None:
    agree(small.completed(axioms, facts), folder)
