"""Explanations on random ontologies: complete, in the graph, and each step follows."""

from __future__ import annotations

from hypothesis import given
from pyoxigraph import NamedNode, Quad, Store, Triple
from tests.inference import small

from govgraph.engine import merge
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.inference.derive import Derivation
from govgraph.inference.why import Explanation, why
from govgraph.vocabulary import ONTOLOGY_GRAPH, is_inferred


@given(axioms=small.axioms, facts=small.facts)
def test_every_triple_is_explained(axioms: str, facts: str) -> None:
    store = small.completed(axioms, facts)
    engine = OxigraphEngine(store)
    inferred = set().union(*small.by_family(store).values())
    for triple in inferred:
        found = why(engine, triple)
        assert found is not None
        assert not found.asserted
        check(found, store)
    stated = {quad.triple for quad in store} - inferred
    for triple in stated:
        found = why(engine, triple)
        assert found is not None
        assert (found.asserted, len(found.facts)) == (True, 1)


def check(found: Explanation, store: Store) -> None:
    """Every triple of an explanation is stated, or each way shown rests on triples of the
    explanation and gives it by the axioms alone; the shortest rests on smaller ranks."""
    for triple, fact in found.facts.items():
        graphs = {quad.graph_name.value for quad in store.quads_for_pattern(*parts(triple))  # type: ignore[union-attr]
                  if isinstance(quad.graph_name, NamedNode)}  # fmt: skip
        assert set(fact.stated_in) == {name for name in graphs if not is_inferred(name)}
        assert fact.rank is not None
        if fact.stated_in:
            assert (fact.rank, fact.derivations) == (0, [])
            continue
        premises = [found.facts[premise] for premise in fact.derivations[0].premises]
        assert fact.rank == 1 + max(premise.rank or 0 for premise in premises)
        for derivation in fact.derivations:
            assert set(derivation.premises) <= found.facts.keys()
            assert follows(triple, derivation, store)


def follows(triple: Triple, derivation: Derivation, store: Store) -> bool:
    """Whether one run of the rule over nothing but its premises and the ontology gives a triple."""
    alone = Store()
    merge.extend(alone, store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH)))
    facts = NamedNode(small.FACTS)
    merge.extend(alone, (Quad(*parts(premise), facts) for premise in derivation.premises))
    assert derivation.rule is not None
    return triple in set(alone.query(derivation.rule.construct))  # type: ignore[arg-type]


def parts(triple: Triple):  # type: ignore[no-untyped-def]
    return triple.subject, triple.predicate, triple.object


@given(axioms=small.axioms, facts=small.facts)
def test_nothing_else_is_explained(axioms: str, facts: str) -> None:
    store = small.completed(axioms, facts)
    engine = OxigraphEngine(store)
    things, properties = [NamedNode(f"x:{n}") for n in "abcd"], [NamedNode(f"x:{n}") for n in "pq"]
    held = {quad.triple for quad in store}
    for triple in (Triple(s, p, o) for s in things for p in properties for o in things):
        assert (why(engine, triple) is None) == (triple not in held)
