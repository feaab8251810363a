"""One step back: the ways in which a rule may have given a triple."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from govgraph.engine.base import Term
from govgraph.engine.columnar.algebra import PathPattern, TriplePattern, Var
from govgraph.inference.axioms import TRANSITIVE
from govgraph.inference.graph import Graph
from govgraph.inference.rule import Axiom, Bindings, Rule, instance, terms, unify, value
from govgraph.inference.witness import witness
from govgraph.vocabulary import is_inferred

#: Places between the two ends of a transitive triple that are looked at.
BETWEEN = 10_000
#: Derivations of a transitive triple by its first step alone.
FIRST_STEPS = 16


class Derivation(NamedTuple):
    """A rule applied: what it was given. `values` are those of the rule's variables."""

    family: str
    premises: tuple[Triple, ...]
    rule: Rule | None = None
    values: tuple[tuple[str, Term], ...] = ()


def derivations(graph: Graph, rule: Rule, triple: Triple) -> Iterator[Derivation]:
    """Every way in which one application of the rule gives the triple, up to a bound."""
    known = unify(rule.head, triple)
    if known is None:
        return
    if rule.family == TRANSITIVE:
        yield from _transitive(graph, rule, triple)
        return
    for row in graph.select([*rule.body, *rule.axioms], known):
        values = known | row
        premises = [instance(pattern, values) for pattern in rule.body]
        if triple not in premises and None not in premises and _named(rule, values):
            given = tuple(premise for premise in premises if premise is not None)
            yield Derivation(rule.family, given, rule, tuple(sorted(values.items())))


def axioms_of(graph: Graph, derivation: Derivation) -> list[Axiom]:
    """The axioms of the ontology that a derivation rests on."""
    rule = derivation.rule
    if rule is None:
        return []
    if rule.axiom:
        return [rule.axiom]
    values = dict(derivation.values)
    return [axiom for step in rule.axioms for axiom in _looked_up(graph, step, values)]


def _looked_up(graph: Graph, step: TriplePattern | PathPattern, values: Bindings) -> list[Axiom]:
    if isinstance(step, TriplePattern):
        triple = instance(step, values)
        way = [triple] if triple else []
    else:
        start, end = value(step.subject, values), value(step.object, values)
        way = witness(graph, step.path, start, end) or [] if start and end else []
    return [Axiom(s, p, (o,)) for s, p, o in map(terms, way)]


def _named(rule: Rule, values: Bindings) -> bool:
    """Rules hold for classes and properties with a name."""
    ends = [node for step in rule.axioms for node in (step.subject, step.object)]
    return all(isinstance(values[node.name], NamedNode) for node in ends if isinstance(node, Var))


# -- transitive properties -----------------------------------------------------------------------


def _transitive(graph: Graph, rule: Rule, triple: Triple) -> Iterator[Derivation]:
    """The shortest way over asserted steps, the shortest over steps not themselves transitive, and
    each first step with what is left: the first is nearly always the answer, the last are always
    enough, whatever the steps themselves rest on."""
    start, property_, end = terms(triple)
    link = rule.body
    known: dict[str, Term] = {"x": start, "y": end}
    between = {row["z"] for row in graph.select(link, known, BETWEEN)}
    edges = graph.edges(property_, {start, *between}, TRANSITIVE)
    goal = (start, end)
    inside = between | {end}
    steps = [(edge, name) for edge, name in edges if edge != goal and edge[1] in inside]
    base = [edge for edge, _ in steps]
    asserted = [edge for edge, name in steps if not is_inferred(name)]
    ways = [_shortest(asserted, start, end), _shortest(base, start, end)]
    ways += [[start, b, end] for a, b in dict.fromkeys(base) if a == start and b != end][
        :FIRST_STEPS
    ]
    for way in ways:
        premises = tuple(Triple(a, property_, b) for a, b in itertools.pairwise(way))  # type: ignore[arg-type]
        if len(premises) > 1 and triple not in premises:
            yield Derivation(rule.family, premises, rule)


def _shortest(edges: list[tuple[Term, Term]], start: Term, end: Term) -> list[Term]:
    """The places of a shortest way of at least one step; none if there is no way."""
    onward: dict[Term, list[Term]] = {}
    for a, b in edges:
        onward.setdefault(a, []).append(b)
    came: dict[Term, Term] = {}
    waiting = deque([start])
    while waiting and end not in came:
        place = waiting.popleft()
        for there in onward.get(place, ()):
            if there not in came:
                came[there] = place
                waiting.append(there)
    if end not in came:
        return []
    way = [end, came[end]]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
