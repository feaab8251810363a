"""OWL axioms as Datalog for Nemo, read with rdflib: no line of this is shared with the product.

Each axiom is a rule. Terms are numbers, so that only the rules are compared, not the two engines'
ways of writing terms. `t(s, p, o)` is all that holds, `node(x)` what may be a subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nmo_python import NemoEngine, load_string
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

Fact = tuple[Node, Node, Node]
#: Nothing is said to belong to what everything belongs to.
EVERYTHING = {OWL.Thing, OWL.topObjectProperty, OWL.topDataProperty}


class Numbers(dict[Node, int]):
    """The number of each term."""

    def __missing__(self, term: Node) -> int:
        self[term] = len(self) + 1
        return self[term]


def rules(ontology: Graph, n: Mapping[Node, int]) -> Iterator[tuple[str, str]]:
    """(family, rule) for each axiom."""
    a = n[RDF.type]
    for low, high in _pairs(ontology, RDFS.subClassOf, OWL.equivalentClass):
        yield "subclass", f"t(?x, {a}, {n[high]}) :- t(?x, {a}, {n[low]}) ."
    for low, high in _pairs(ontology, RDFS.subPropertyOf, OWL.equivalentProperty):
        yield "subproperty", f"t(?x, {n[high]}, ?y) :- t(?x, {n[low]}, ?y) ."
    for p, q in ontology.subject_objects(OWL.inverseOf):
        if isinstance(p, URIRef) and isinstance(q, URIRef):
            yield "inverse", f"t(?y, {n[q]}, ?x) :- t(?x, {n[p]}, ?y), node(?y) ."
            yield "inverse", f"t(?y, {n[p]}, ?x) :- t(?x, {n[q]}, ?y), node(?y) ."
    for p in ontology.subjects(RDF.type, OWL.SymmetricProperty):
        yield "inverse", f"t(?y, {n[p]}, ?x) :- t(?x, {n[p]}, ?y), node(?y) ."
    for p in ontology.subjects(RDF.type, OWL.TransitiveProperty):
        yield "transitive", f"t(?x, {n[p]}, ?z) :- t(?x, {n[p]}, ?y), t(?y, {n[p]}, ?z) ."
    for p, members in ontology.subject_objects(OWL.propertyChainAxiom):
        steps = list(Collection(ontology, members))
        body = [_step(ontology, n, step, f"?v{at}", f"?v{at + 1}") for at, step in enumerate(steps)]
        yield "chain", f"t(?v0, {n[p]}, ?v{len(steps)}) :- {', '.join(body)}, node(?v0) ."


def _pairs(ontology: Graph, below: URIRef, equal: URIRef) -> Iterator[tuple[Node, Node]]:
    yield from ontology.subject_objects(below)
    for one, other in ontology.subject_objects(equal):
        yield one, other
        yield other, one


def _step(ontology: Graph, n: Mapping[Node, int], step: Node, start: str, end: str) -> str:
    inverse = ontology.value(step, OWL.inverseOf) if isinstance(step, BNode) else None
    if inverse is None:
        return f"t({start}, {n[step]}, {end})"
    return f"t({end}, {n[inverse]}, {start})"


def closure(ontology: Graph, facts: Iterable[Fact], folder: Path) -> dict[str, set[Fact]]:
    """What one more step of each family gives, once nothing new follows, without the given facts.

    Terms without a name are only steps between those with one: what is said by them is left out.
    """
    n = Numbers()
    given = {(n[s], n[p], n[o]) for s, p, o in facts}
    found = sorted(set(rules(ontology, n)))
    families = sorted({family for family, _ in found})
    program = [rule.replace("t(", head + "(", 1) for head, rule in found]
    program += [rule for _, rule in found]
    for name, rows in (("t", given), ("node", {(n[t],) for t in n if not isinstance(t, Literal)})):
        path = folder / f"{name}.csv"
        path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
        kinds = ", ".join(["int"] * (3 if name == "t" else 1))
        program.append(f'@import {name} :- csv {{ resource="{path}", format=({kinds}) }} .')
    program += [f"@export {family} :- csv {{}} ." for family in families]
    engine = NemoEngine(load_string("\n".join(program)))
    engine.reason()
    terms = {number: term for term, number in n.items()}
    results = {family: {tuple(row) for row in engine.result(family)} for family in families}
    return {
        family: {
            (terms[s], terms[p], terms[o]) for s, p, o in rows - given if _worth(terms[p], terms[o])
        }
        for family, rows in results.items()
    }


def _worth(property_: Node, value: Node) -> bool:
    if isinstance(property_, BNode) or property_ in EVERYTHING:
        return False
    return property_ != RDF.type or not (isinstance(value, BNode) or value in EVERYTHING)
