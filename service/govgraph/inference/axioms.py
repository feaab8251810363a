"""Rules from OWL axioms, one family for each kind of axiom.

The families are those rules of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL)
that add what people ask for; docs/inference.md lists all rules, those left out with the reason.
Axioms are read from the default graph, the merge of all graphs. Nothing here knows our own terms.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from govgraph.engine.base import Engine, Term
from govgraph.engine.columnar.algebra import (
    Alternative,
    Inverse,
    Link,
    PathPattern,
    PropertyPath,
    Repeat,
    TriplePattern,
    Var,
)
from govgraph.inference.rule import Axiom, Rule, path_text, text
from govgraph.vocabulary import OWL, PROLOGUE, RDF, RDFS

TYPE = NamedNode(RDF + "type")
TRANSITIVE = "transitive"
_CHAIN = NamedNode(OWL + "propertyChainAxiom")
_X, _Y = Var("x"), Var("y")


def rules(engine: Engine) -> list[Rule]:
    """Every rule that the ontology in the store calls for.

    Subclass, subproperty and inverse look their axioms up as they run, one query for each family;
    every transitive property and every chain has a rule of its own.
    """
    return [*generic(), *_transitive(engine), *_chains(engine)]


def generic() -> list[Rule]:
    """The rules whose axioms are data."""
    lower, upper, inverse = Var("lower"), Var("upper"), Var("inverse")
    classes = _upward("subClassOf", "equivalentClass")
    properties = _upward("subPropertyOf", "equivalentProperty")
    return [
        _looked_up(
            "subclass", TriplePattern(_X, TYPE, upper), TriplePattern(_X, TYPE, lower),
            PathPattern(lower, classes, upper), f"?lower != ?upper && ?upper != <{OWL}Thing>",
        ),
        _looked_up(
            "subproperty", TriplePattern(_X, upper, _Y), TriplePattern(_X, lower, _Y),
            PathPattern(lower, properties, upper),
            f"?lower != ?upper && ?upper NOT IN (<{OWL}topObjectProperty>, <{OWL}topDataProperty>)",
        ),
        _looked_up(
            "inverse", TriplePattern(_Y, inverse, _X), TriplePattern(_X, lower, _Y),
            PathPattern(lower, _either("inverseOf"), inverse), condition="!isLiteral(?y)",
        ),
        _symmetric(),
    ]  # fmt: skip


def _upward(below: str, equivalent: str) -> PropertyPath:
    """From a class or property to all those above it."""
    step = Alternative(Link(NamedNode(RDFS + below)), _either(equivalent))
    return Repeat(step, zero=False, many=True)


def _either(name: str) -> PropertyPath:
    """An OWL property read in both directions."""
    link = Link(NamedNode(OWL + name))
    return Alternative(link, Inverse(link))


def _looked_up(
    family: str,
    head: TriplePattern,
    body: TriplePattern,
    axioms: PathPattern,
    worth: str = "true",
    condition: str = "true",
) -> Rule:
    """A rule whose axioms join one term with another; `worth` says which are worth following."""
    assert isinstance(axioms.subject, Var)
    assert isinstance(axioms.object, Var)
    low, high = axioms.subject.name, axioms.object.name
    query = f"""CONSTRUCT {{ {text([head])} }} WHERE {{
        {{ SELECT DISTINCT ?{low} ?{high} WHERE {{ {text([axioms])}
           FILTER(isIRI(?{low}) && isIRI(?{high}) && {worth}) }} }}
        {text([body])} FILTER({condition}) }}"""
    return Rule(family, query, head, (body,), (axioms,))


def _symmetric() -> Rule:
    """A symmetric property is its own inverse."""
    property_ = Var("property")
    head, body = TriplePattern(_Y, property_, _X), TriplePattern(_X, property_, _Y)
    axiom = TriplePattern(property_, TYPE, NamedNode(OWL + "SymmetricProperty"))
    query = f"""CONSTRUCT {{ {text([head])} }} WHERE {{
        {{ SELECT DISTINCT ?property WHERE {{ {text([axiom])} FILTER(isIRI(?property)) }} }}
        {text([body])} FILTER(!isLiteral(?y)) }}"""
    return Rule("inverse", query, head, (body,), (axiom,))


def _transitive(engine: Engine) -> Iterator[Rule]:
    kind = NamedNode(OWL + "TransitiveProperty")
    query = f"SELECT DISTINCT ?p WHERE {{ ?p a {kind} FILTER(isIRI(?p)) }} ORDER BY ?p"
    middle = Var("z")
    for row in engine.select(query):
        p = NamedNode(row["p"].value)
        body = (TriplePattern(_X, p, middle), TriplePattern(middle, p, _Y))
        construct = f"CONSTRUCT {{ ?x {p} ?y }} WHERE {{ ?x {p}/{p}+ ?y }}"
        head = TriplePattern(_X, p, _Y)
        yield Rule(TRANSITIVE, construct, head, body, axiom=Axiom(p, TYPE, (kind,)))


def _chains(engine: Engine) -> Iterator[Rule]:
    for p, steps in _chain_axioms(engine):
        places = [_X, *(Var(f"via{n}") for n in range(1, len(steps))), _Y]
        body = tuple(
            TriplePattern(b, _inverted(step), a)
            if isinstance(step, Inverse)
            else TriplePattern(a, NamedNode(step.value), b)
            for step, a, b in zip(steps, places, places[1:], strict=False)
        )
        path = "/".join(
            path_text(step if isinstance(step, Inverse) else Link(NamedNode(step.value)))
            for step in steps
        )
        construct = f"CONSTRUCT {{ ?x {p} ?y }} WHERE {{ ?x {path} ?y }}"
        head = TriplePattern(_X, p, _Y)
        yield Rule("chain", construct, head, body, axiom=Axiom(p, _CHAIN, tuple(steps), True))


def _inverted(step: Inverse) -> NamedNode:
    assert isinstance(step.path, Link)
    return step.path.iri


def _chain_axioms(engine: Engine) -> list[tuple[NamedNode, list[Term | Inverse]]]:
    """Each property chain with its steps.

    A step's place in its list is told by how much of the list is left behind it. A blank node is
    named afresh by each query, so a list is known by its property and its number in one answer.
    """
    query = f"""{PROLOGUE} SELECT ?p ?list ?step ?inverse (COUNT(?tail) AS ?left) WHERE {{
        ?p owl:propertyChainAxiom ?list . ?list rdf:rest* ?node . ?node rdf:first ?step ; rdf:rest+ ?tail
        OPTIONAL {{ ?step owl:inverseOf ?inverse FILTER(isBlank(?step)) }} FILTER(isIRI(?p)) }}
        GROUP BY ?p ?list ?node ?step ?inverse ORDER BY ?p ?list DESC(?left)"""
    chains: dict[tuple[Term, Term], list[Term | Inverse]] = {}
    for row in engine.select(query):
        inverse = row.get("inverse")
        step = Inverse(Link(inverse)) if isinstance(inverse, NamedNode) else row["step"]
        chains.setdefault((row["p"], row["list"]), []).append(step)
    return [(NamedNode(p.value), steps) for (p, _), steps in chains.items()]
