"""The rules on an Oxigraph store, one after the other to a fixpoint: what builds must come to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, Store, Triple

from govgraph.engine import merge
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.inference.axioms import rules
from govgraph.vocabulary import inferred_graph
from govgraph_loaders.namespaces import DEFAULT_BASE

ROUNDS = 50


def infer(store: Store, rule_files: Iterable[Path], base: str) -> dict[str, int]:
    """Add everything that follows; return the number of new triples by family.

    The rule files run once, after the axioms' fixpoint: what they say is expected, not a fact,
    and no axiom is applied to it.
    """
    counts: dict[str, int] = {}
    axioms = rules(OxigraphEngine(store))
    for _ in range(ROUNDS):
        added = 0
        for family, query, *_ in axioms:
            new = _apply(store, query, inferred_graph(base, family))
            counts[family] = counts.get(family, 0) + new
            added += new
        if not added:
            break
    for path in rule_files:
        rule = path.read_text("utf-8").replace(DEFAULT_BASE, base)
        counts[path.stem] = _apply(store, rule, inferred_graph(base, path.stem))
    return counts


def _apply(store: Store, query: str, graph: str) -> int:
    """Add a CONSTRUCT's triples that no graph holds yet."""
    result = store.query(query)
    assert isinstance(result, QueryTriples)
    name = NamedNode(graph)
    new = {triple for triple in result if _merged(triple) not in store}
    merge.extend(store, (Quad(t.subject, t.predicate, t.object, name) for t in new))
    return len(new)


def _merged(triple: Triple) -> Quad:
    """The triple in the default graph, which holds all others'."""
    return Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
