"""What an explanation asks of a release: patterns with known ends, and the graphs of triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from govgraph.engine.base import Engine, Row, Term
from govgraph.engine.columnar.algebra import Node, PathPattern, TriplePattern, Var
from govgraph.inference.rule import Bindings, Step, terms, text

#: Triples in one query.
BATCH = 500
#: Rows of one pattern that are looked at.
ROWS = 64
Edge = tuple[Term, Term]
T = TypeVar("T")


class Graph:
    """Bound lookups in the merge of all graphs, and in the graphs by name."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def select(self, steps: Sequence[Step], known: Bindings, limit: int = ROWS) -> list[Row]:
        """Values of the variables that are not known, in a fixed order; an empty row if there are
        none and the steps hold."""
        written = [_written(step, known) for step in steps]
        if any(isinstance(step.subject, Literal) for step in written):
            return []
        unnamed = {name: term for name, term in known.items() if isinstance(term, BlankNode)}
        names = list(
            dict.fromkeys(f"?{node.name}" for step in written for node in _variables(step))
        )
        order = f"ORDER BY {' '.join(names)}" if names else ""
        query = f"SELECT DISTINCT * WHERE {{ {text(written)} }} {order} LIMIT {limit}"
        asked = {name: term for name, term in unnamed.items() if f"?{name}" in names}
        return self.engine.select(query, asked) if asked else self.engine.select(query)

    def graphs_of(self, triples: Sequence[Triple]) -> dict[Triple, list[str]]:
        """The names of the graphs that hold each triple, sorted. The answer numbers the triples,
        since an engine may write a literal in another way."""
        found: dict[Triple, set[str]] = defaultdict(set)
        for batch in _batches([triple for triple in triples if not _unnamed(triple)]):
            values = " ".join(
                f"({n} {t.subject} {t.predicate} {t.object})" for n, t in enumerate(batch)
            )
            query = f"""SELECT ?n ?g WHERE {{ VALUES (?n ?s ?p ?o) {{ {values} }}
                GRAPH ?g {{ ?s ?p ?o }} }}"""
            for row in self.engine.select(query):
                found[batch[int(row["n"].value)]].add(row["g"].value)
        for triple in filter(_unnamed, triples):
            known: dict[str, Term] = dict(zip("spo", terms(triple), strict=True))
            query = "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
            found[triple] |= {row["g"].value for row in self.engine.select(query, known)}
        return {triple: sorted(graphs) for triple, graphs in found.items()}

    def edges(
        self, property_: NamedNode, places: Iterable[Term], family: str
    ) -> list[tuple[Edge, str]]:
        """The property's triples from these places, each with its graph, but for one family's."""
        named = [str(place) for place in places if isinstance(place, NamedNode)]
        found = []
        for batch in _batches(named):
            query = f"""SELECT ?a ?b ?g WHERE {{ VALUES ?a {{ {" ".join(batch)} }}
                GRAPH ?g {{ ?a {property_} ?b }} FILTER(!STRENDS(STR(?g), "graph/inferred/{family}")) }}"""
            found += [((row["a"], row["b"]), row["g"].value) for row in self.engine.select(query)]
        return sorted(found, key=str)


def _unnamed(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def _batches(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _variables(step: Step) -> list[Var]:
    middle = (step.predicate,) if isinstance(step, TriplePattern) else ()
    return [node for node in (step.subject, *middle, step.object) if isinstance(node, Var)]


def _written(step: Step, known: Bindings) -> Step:
    """A step with what is known in it; blank nodes stay variables, which the query is given."""
    subject, object_ = _put(step.subject, known), _put(step.object, known)
    if isinstance(step, PathPattern):
        return PathPattern(subject, step.path, object_)
    predicate = _put(step.predicate, known)
    assert isinstance(predicate, Var | NamedNode)
    return TriplePattern(subject, predicate, object_)


def _put(node: Node, known: Bindings) -> Node:
    term = known.get(node.name) if isinstance(node, Var) else None
    return node if term is None or isinstance(term, BlankNode) else term
