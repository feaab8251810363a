"""SPARQL rules from OWL axioms, one family of rules for each kind of axiom.

The families are those rules of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL)
that add what people ask for. Left out on purpose: domain and range (prp-dom, prp-rng), since they
would hide the missing types that the shapes look for; equality and restrictions, which nothing in
the ontology needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from govgraph.engine.base import Engine
from govgraph.vocabulary import ONTOLOGY_GRAPH, PROLOGUE

_ONTOLOGY = f"GRAPH <{ONTOLOGY_GRAPH}>"

#: family -> CONSTRUCT whose axioms are looked up as it runs
_GENERIC = {
    "subclass": f"""CONSTRUCT {{ ?x a ?super }} WHERE {{
        {{ SELECT DISTINCT ?class ?super WHERE {{ {_ONTOLOGY} {{ ?class rdfs:subClassOf+ ?super }}
           FILTER(isIRI(?class) && isIRI(?super) && ?class != ?super && ?super != owl:Thing) }} }}
        ?x a ?class }}""",
    "subproperty": f"""CONSTRUCT {{ ?x ?super ?y }} WHERE {{
        {{ SELECT DISTINCT ?property ?super WHERE {{ {_ONTOLOGY} {{ ?property rdfs:subPropertyOf+ ?super }}
           FILTER(isIRI(?property) && isIRI(?super) && ?property != ?super) }} }}
        ?x ?property ?y }}""",
    "inverse": f"""CONSTRUCT {{ ?y ?inverse ?x }} WHERE {{
        {{ SELECT DISTINCT ?property ?inverse WHERE {{ {_ONTOLOGY} {{
             {{ ?property owl:inverseOf ?inverse }} UNION {{ ?inverse owl:inverseOf ?property }}
             UNION {{ ?property a owl:SymmetricProperty BIND(?property AS ?inverse) }} }}
           FILTER(isIRI(?property) && isIRI(?inverse)) }} }}
        ?x ?property ?y FILTER(!isLiteral(?y)) }}""",
}


def rules(engine: Engine) -> Iterator[tuple[str, str]]:
    """(family, CONSTRUCT query) for every rule that the ontology in the store calls for."""
    for family, query in _GENERIC.items():
        yield family, PROLOGUE + query
    for property_iri in _transitive(engine):
        path = f"<{property_iri}>/<{property_iri}>+"
        yield "transitive", f"CONSTRUCT {{ ?x <{property_iri}> ?y }} WHERE {{ ?x {path} ?y }}"
    for property_iri, steps in _chains(engine):
        path = "/".join(steps)
        yield "chain", f"CONSTRUCT {{ ?x <{property_iri}> ?y }} WHERE {{ ?x {path} ?y }}"


def _transitive(engine: Engine) -> list[str]:
    query = f"{PROLOGUE} SELECT ?p WHERE {{ {_ONTOLOGY} {{ ?p a owl:TransitiveProperty }} }} ORDER BY ?p"
    return [row["p"].value for row in engine.select(query)]


def _chains(engine: Engine) -> list[tuple[str, list[str]]]:
    """Each property chain as path steps, inverse steps as `^<iri>`.

    A step's place in its list is told by how much of the list is left behind it.
    """
    query = f"""{PROLOGUE} SELECT ?p ?list ?step ?inverse (COUNT(?tail) AS ?left) WHERE {{ {_ONTOLOGY} {{
        ?p owl:propertyChainAxiom ?list . ?list rdf:rest* ?node . ?node rdf:first ?step ; rdf:rest+ ?tail
        OPTIONAL {{ ?step owl:inverseOf ?inverse FILTER(isBlank(?step)) }} }} }}
        GROUP BY ?p ?list ?node ?step ?inverse ORDER BY ?p ?list DESC(?left)"""
    chains: dict[tuple[str, str], list[str]] = {}
    for row in engine.select(query):
        step = f"^{row['inverse']}" if "inverse" in row else str(row["step"])
        chains.setdefault((row["p"].value, row["list"].value), []).append(step)
    return [(p, steps) for (p, _), steps in chains.items()]
