"""Each module has an example, made of declared terms used as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import ORG, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from .ontology_graph import EXAMPLES, GOV, MODULES, ontology, own

each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def test_each_module_has_an_example() -> None:
    assert {path.stem for path in EXAMPLES} == {path.stem for path in MODULES} - {"govgraph"}


@each_example
def test_example_uses_declared_terms(path: Path) -> None:
    nodes = {node for triple in Graph().parse(path) for node in triple}
    used = {URIRef(str(node)) for node in nodes if str(node).startswith(GOV)}
    assert used - own(ontology()).keys() == set()


@each_example
def test_example_shows_the_kinds_of_its_module(path: Path) -> None:
    """Enumerations and types of bodies aside, each top class has an instance."""
    typed = set(Graph().parse(path).objects(None, RDF.type))
    shown = {
        upper for type_ in typed for upper in ontology().transitive_objects(type_, RDFS.subClassOf)
    }
    others = {SKOS.Concept, ORG.Organization, *own(ontology())}
    for class_, kinds in own(Graph().parse(path.parents[1] / path.name)).items():
        is_top = others.isdisjoint(ontology().objects(class_, RDFS.subClassOf))
        assert OWL.Class not in kinds or not is_top or class_ in shown, class_


@each_example
def test_example_gives_properties_the_right_kind_of_value(path: Path) -> None:
    terms = own(ontology())
    for _, property_, value in Graph().parse(path):
        kind = OWL.DatatypeProperty if isinstance(value, Literal) else OWL.ObjectProperty
        kinds = terms.get(URIRef(str(property_)))
        assert kinds is None or kind in kinds, (property_, value)
