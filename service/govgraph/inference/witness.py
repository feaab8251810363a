"""The triples that a property path walks over from one term to another: one shortest way."""

from __future__ import annotations

import itertools

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from govgraph.engine.base import Term
from govgraph.engine.columnar.algebra import (
    Alternative,
    Inverse,
    Link,
    Negated,
    PathPattern,
    PropertyPath,
    Repeat,
    Sequence,
    TriplePattern,
    Var,
)
from govgraph.inference.graph import Graph

#: Steps of a way through a repeated path.
LONGEST = 64
_FROM, _TO, _MIDDLE = Var("from"), Var("to"), Var("middle")
Way = list[Triple]


def witness(graph: Graph, path: PropertyPath, start: Term, end: Term) -> Way | None:
    """The triples of one way, in its order; none of a way of no length; None if there is no way."""
    match path:
        case Link(iri):
            known = {_FROM.name: start, _TO.name: end}
            held = graph.select([TriplePattern(_FROM, iri, _TO)], known, 1)
            return [_triple(start, iri, end)] if held else None
        case Inverse(inner):
            return witness(graph, inner, end, start)
        case Sequence(left, right):
            return _in_turn(graph, left, right, start, end)
        case Alternative(left, right):
            way = witness(graph, left, start, end)
            return witness(graph, right, start, end) if way is None else way
        case Repeat():
            return _repeated(graph, path, start, end)
        case Negated():
            return _negated(graph, path, start, end)


def _in_turn(
    graph: Graph, left: PropertyPath, right: PropertyPath, start: Term, end: Term
) -> Way | None:
    known = {_FROM.name: start, _TO.name: end}
    steps = [PathPattern(_FROM, left, _MIDDLE), PathPattern(_MIDDLE, right, _TO)]
    for row in graph.select(steps, known, 1):
        first = witness(graph, left, start, row["middle"])
        then = witness(graph, right, row["middle"], end)
        return None if first is None or then is None else first + then
    return None


def _repeated(graph: Graph, path: Repeat, start: Term, end: Term) -> Way | None:
    """Breadth first, over places only from which the end is in reach."""
    if path.zero and start == end:
        return []
    rest = Repeat(path.path, zero=True, many=True)
    came: dict[Term, Term] = {}
    frontier = [start]
    for _ in range(LONGEST if path.many else 1):
        reached = []
        for place in frontier:
            steps = [PathPattern(_FROM, path.path, _MIDDLE), PathPattern(_MIDDLE, rest, _TO)]
            for row in graph.select(steps, {_FROM.name: place, _TO.name: end}):
                if row["middle"] not in came:
                    came[row["middle"]] = place
                    reached.append(row["middle"])
        if end in came:
            return _joined(graph, path.path, came, start, end)
        frontier = reached
    return None


def _joined(
    graph: Graph, step: PropertyPath, came: dict[Term, Term], start: Term, end: Term
) -> Way | None:
    places = [end, came[end]]
    while places[-1] != start:
        places.append(came[places[-1]])
    places.reverse()
    way: Way = []
    for a, b in itertools.pairwise(places):
        part = witness(graph, step, a, b)
        if part is None:
            return None
        way += part
    return way


def _negated(graph: Graph, path: Negated, start: Term, end: Term) -> Way | None:
    for names, a, b in ((path.forward, start, end), (path.inverse, end, start)):
        if names:
            found = graph.select([TriplePattern(_FROM, Var("p"), _TO)], {"from": a, "to": b})
            for row in found:
                if row["p"] not in names and isinstance(row["p"], NamedNode):
                    return [_triple(a, row["p"], b)]
    return None


def _triple(start: Term, property_: NamedNode, end: Term) -> Triple:
    assert isinstance(start, NamedNode | BlankNode)
    assert isinstance(end, NamedNode | BlankNode | Literal)
    return Triple(start, property_, end)
