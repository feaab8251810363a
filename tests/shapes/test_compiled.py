"""The project's own shapes, compiled: the results of pySHACL for every example and for all data."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph
from tests.validation.reference import by_pyshacl, by_us

EXAMPLES = sorted((Path(__file__).parents[2] / "shapes" / "examples").glob("*Shape.*.ttl"))


def closed(data: Graph, ontology: Graph) -> Graph:
    """Data with the ontology and the types that follow from its subclasses."""
    union = Graph()
    for triple in (*ontology, *data):
        union.add(triple)
    for node, kind in list(data.subject_objects(RDF.type)):
        for ancestor in ontology.transitive_objects(kind, RDFS.subClassOf):
            union.add((node, RDF.type, ancestor))
    return union


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.removesuffix(".ttl"))
def test_an_example_gives_the_results_of_pyshacl(path, ontology, one_shape):
    data = closed(Graph().parse(path), ontology)
    shape = one_shape(path.name.split(".")[0])
    found = by_us(data, shape)
    assert found == by_pyshacl(data, shape)
    assert bool(found) == (".bad." in path.name)
