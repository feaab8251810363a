"""Each module describes itself and declares, or imports, whatever it uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from .ontology_graph import BASE, KINDS, MODULES, declared, languages, module_iri, ontology, own

DCT = Namespace("http://purl.org/dc/terms/")
BUILT_IN = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/2002/07/owl#",
)
AXIOMS = (
    RDF.type,
    RDFS.domain,
    RDFS.range,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.disjointWith,
    OWL.inverseOf,
)
LISTS = (OWL.unionOf, OWL.members, OWL.propertyChainAxiom)

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def with_imports(path: Path) -> Graph:
    """A module and all it imports, directly or not."""
    files = {module_iri(file): file for file in MODULES}
    graph, waiting, loaded = Graph(), [module_iri(path)], set()
    while waiting:
        iri = waiting.pop()
        if iri not in loaded:
            loaded.add(iri)
            graph.parse(files[iri])
            waiting += [URIRef(str(target)) for target in graph.objects(iri, OWL.imports)]
    return graph


def used(graph: Graph) -> set[URIRef]:
    """Terms that stand in a graph as property, in an axiom, or in a list of an axiom."""
    terms = set(graph.predicates())
    for axiom in AXIOMS:
        terms |= set(graph.objects(None, axiom))
    for axiom in LISTS:
        for members in graph.objects(None, axiom):
            terms |= set(Collection(graph, members))
    return {
        term for term in terms if isinstance(term, URIRef) and not str(term).startswith(BUILT_IN)
    }


@each_module
def test_module_describes_itself(path: Path) -> None:
    graph, iri = Graph().parse(path), module_iri(path)
    assert (iri, RDF.type, OWL.Ontology) in graph
    assert graph.value(iri, OWL.versionIRI) == URIRef(f"{iri}/0.1.0")
    assert languages(graph, iri, DCT.title) == ["en", "zh"]
    assert graph.value(iri, DCT.creator) == Literal("govgraph contributors")
    assert graph.value(iri, DCT.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")


@each_module
def test_module_declares_or_imports_what_it_uses(path: Path) -> None:
    closure = with_imports(path)
    assert used(closure) - declared(closure).keys() == set()


@each_module
def test_terms_are_defined_by_the_module_that_declares_them(path: Path) -> None:
    graph = Graph().parse(path)
    for term in own(graph):
        assert graph.value(term, RDFS.isDefinedBy) == module_iri(path), term


def test_the_whole_imports_every_module() -> None:
    parts = {module_iri(path) for path in MODULES} - {URIRef(BASE)}
    assert parts
    assert set(ontology().objects(URIRef(BASE), OWL.imports)) == parts


def test_no_term_is_declared_as_two_kinds() -> None:
    assert {term for term, kinds in declared(ontology()).items() if len(kinds & KINDS) > 1} == set()


def test_functional_properties_are_simple() -> None:
    """OWL 2 DL keeps transitive properties and chains out of functional axioms."""
    complex_ = set(ontology().subjects(RDF.type, OWL.TransitiveProperty))
    complex_ |= set(ontology().subjects(OWL.propertyChainAxiom))
    assert complex_
    for term in complex_:
        for upper in ontology().transitive_objects(term, RDFS.subPropertyOf):
            assert (upper, RDF.type, OWL.FunctionalProperty) not in ontology()
