"""The families of rules that the build applies, as a Datalog program of Nemo.

It is made from the ontology's axioms without the project's own rules, so that each checks the
other. https://knowsys.github.io/nemo-doc/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection

_FRAME = """\
@import asserted :- ntriples {{ resource = "{data}" }} .
triple(?s, ?p, ?o) :- asserted(?s, ?p, ?o) .
{rules}
new(?s, ?p, ?o) :- triple(?s, ?p, ?o), ~asserted(?s, ?p, ?o) .
@export new :- ntriples {{ resource = "new.nt" }} .
"""


def program(ontology: Graph, data: Path) -> str:
    """The program that writes what follows from the triples of a file."""
    rules = "\n".join(f"{head} :- {', '.join(body)} ." for head, body in _rules(ontology))
    return _FRAME.format(data=data, rules=rules)


def _rules(ontology: Graph) -> Iterator[tuple[str, list[str]]]:
    for lower, upper in _pairs(ontology, RDFS.subClassOf):
        yield _atom("?x", RDF.type, upper.n3()), [_atom("?x", RDF.type, lower.n3())]
    for lower, upper in _pairs(ontology, RDFS.subPropertyOf):
        yield _atom("?x", upper, "?y"), [_atom("?x", lower, "?y")]
    for one, other in _inverses(ontology):
        yield _atom("?y", other, "?x"), [_atom("?x", one, "?y")]
    for one in _iris(ontology.subjects(RDF.type, OWL.TransitiveProperty)):
        yield _atom("?x", one, "?z"), [_atom("?x", one, "?y"), _atom("?y", one, "?z")]
    for whole, steps in ontology.subject_objects(OWL.propertyChainAxiom):
        body = [_step(ontology, n, step) for n, step in enumerate(Collection(ontology, steps))]
        yield _atom("?x0", whole, f"?x{len(body)}"), body


def _pairs(ontology: Graph, property_: URIRef) -> Iterator[tuple[URIRef, URIRef]]:
    """Direct axioms between names; the rules close them."""
    for lower, upper in ontology.subject_objects(property_):
        if isinstance(lower, URIRef) and isinstance(upper, URIRef) and upper != OWL.Thing:
            yield lower, upper


def _inverses(ontology: Graph) -> Iterator[tuple[URIRef, URIRef]]:
    for one, other in _pairs(ontology, OWL.inverseOf):
        yield from ((one, other), (other, one))
    for one in _iris(ontology.subjects(RDF.type, OWL.SymmetricProperty)):
        yield one, one


def _step(ontology: Graph, number: int, step: URIRef | BNode) -> str:
    """A step of a chain; a blank node stands for the inverse of a property."""
    ends = f"?x{number}", f"?x{number + 1}"
    if isinstance(step, BNode):
        return _atom(ends[1], ontology.value(step, OWL.inverseOf), ends[0])
    return _atom(ends[0], step, ends[1])


def _iris(nodes: Iterable[object]) -> list[URIRef]:
    return [node for node in nodes if isinstance(node, URIRef)]


def _atom(subject: str, predicate: URIRef, value: str) -> str:
    return f"triple({subject}, {predicate.n3()}, {value})"
