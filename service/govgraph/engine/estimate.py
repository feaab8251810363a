"""How much work a query is for an engine that probes one index after another.

The estimate walks a pattern from its most selective triple, multiplying the average fan-outs that
the release's statistics give. It need not be exact: it tells lookups from analysis.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Protocol

from pyoxigraph import NamedNode

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.columns import Predicate
from govgraph.vocabulary import RDF

TYPE = RDF + "type"
#: What a predicate that the query leaves open may lead to, from a bound end.
OPEN_FAN_OUT = 10.0
#: How many steps a repeated path is taken to go on.
DEPTH = 8


class Statistics(Protocol):
    """What the estimate asks of a release."""

    predicates: dict[int, Predicate]
    classes: dict[int, int]
    triples: int

    def id_of(self, term: NamedNode) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Cost:
    """Solutions of a pattern, and index probes to find them."""

    rows: float = 1.0
    probes: float = 0.0


Bound = frozenset[str]


class Estimate:
    """Estimates patterns over one release's statistics."""

    def __init__(self, statistics: Statistics) -> None:
        self.statistics = statistics

    def probes(self, query: a.Query) -> float:
        """The probes that a whole query takes."""
        return self.cost(query.pattern, frozenset()).probes

    @singledispatchmethod
    def cost(self, pattern: object, bound: Bound) -> Cost:
        """The cost of a pattern for one binding of the `bound` variables."""
        inner = getattr(pattern, "pattern", None)
        return self.cost(inner, bound) if inner is not None else Cost()

    @cost.register
    def _(self, pattern: a.Bgp, bound: Bound) -> Cost:
        rows, probes, known, rest = 1.0, 0.0, set(bound), list(pattern.triples)
        while rest:
            fans = [self._fan(triple, known) for triple in rest]
            best = min(range(len(rest)), key=fans.__getitem__)
            triple = rest.pop(best)
            probes += rows * max(fans[best], 1.0)
            rows *= fans[best]
            known |= {n.name for n in _nodes(triple) if isinstance(n, a.Var)}
        return Cost(rows, probes)

    @cost.register
    def _(self, pattern: a.PathPattern, bound: Bound) -> Cost:
        """From a bound end, what the path reaches from one node; otherwise all that it links."""
        start, end = (_is_bound(node, set(bound)) for node in (pattern.subject, pattern.object))
        if start or end:
            reached = self._reached(pattern.path, forward=start)
            return Cost(1.0 if start and end else reached, reached)
        triples = sum(self._triples(iri) for iri in _links(pattern.path))
        return Cost(triples, 2 * triples)

    def _reached(self, path: a.PropertyPath, *, forward: bool) -> float:
        """Nodes that a path reaches from one node, by the average fan-out of its links."""
        if isinstance(path, a.Inverse):
            return self._reached(path.path, forward=not forward)
        if isinstance(path, a.Sequence | a.Alternative):
            left, right = (self._reached(p, forward=forward) for p in (path.left, path.right))
            return left * right if isinstance(path, a.Sequence) else left + right
        if isinstance(path, a.Repeat):
            once = self._reached(path.path, forward=forward)
            most = sum(self._triples(iri) for iri in _links(path.path))
            depth = DEPTH if path.many else 1
            return path.zero + min(most, sum(once**step for step in range(1, depth + 1)))
        if isinstance(path, a.Link) and (found := self._predicate(path.iri)):
            return found.triples / max(found.subjects if forward else found.objects, 1)
        return OPEN_FAN_OUT if isinstance(path, a.Negated) else 0.0

    @cost.register
    def _(self, pattern: a.Join, bound: Bound) -> Cost:
        first, second = pattern.left, pattern.right
        if isinstance(second, a.Values):  # every planner begins with them
            first, second = second, first
        return self._then(self.cost(first, bound), first, second, bound)

    @cost.register
    def _(self, pattern: a.LeftJoin, bound: Bound) -> Cost:
        left = self.cost(pattern.left, bound)
        both = self._then(left, pattern.left, pattern.right, bound)
        return Cost(max(left.rows, both.rows), both.probes)

    @cost.register
    def _(self, pattern: a.Union, bound: Bound) -> Cost:
        left, right = self.cost(pattern.left, bound), self.cost(pattern.right, bound)
        return Cost(left.rows + right.rows, left.probes + right.probes)

    @cost.register
    def _(self, pattern: a.Minus, bound: Bound) -> Cost:
        left, right = self.cost(pattern.left, bound), self.cost(pattern.right, frozenset())
        return Cost(left.rows, left.probes + right.probes)

    @cost.register
    def _(self, pattern: a.Filter, bound: Bound) -> Cost:
        """EXISTS is evaluated for each solution."""
        inner = self.cost(pattern.pattern, bound)
        known = bound | _variables(pattern.pattern)
        each = sum(self.cost(e.pattern, known).probes for e in _exists(pattern.condition))
        return Cost(inner.rows, inner.probes + inner.rows * each)

    @cost.register
    def _(self, pattern: a.Slice, bound: Bound) -> Cost:
        """A limit without an order ends the work early."""
        inner = self.cost(pattern.pattern, bound)
        if pattern.limit is None or _needs_all(pattern.pattern):
            return inner
        wanted = float(pattern.limit + pattern.offset)
        share = min(1.0, wanted / max(inner.rows, 1.0))
        return Cost(min(inner.rows, wanted), inner.probes * share)

    @cost.register
    def _(self, pattern: a.Values, _: Bound) -> Cost:
        return Cost(float(len(pattern.rows)), 0.0)

    def _then(self, left: Cost, before: a.Pattern, after: a.Pattern, bound: Bound) -> Cost:
        """`after` once for each solution of `before`."""
        right = self.cost(after, bound | _variables(before))
        return Cost(left.rows * right.rows, left.probes + max(left.rows, 1.0) * right.probes)

    def _fan(self, triple: a.TriplePattern, known: set[str]) -> float:
        """How many triples match, given what is bound."""
        subject, value = (_is_bound(n, known) for n in (triple.subject, triple.object))
        if not isinstance(triple.predicate, NamedNode):
            return OPEN_FAN_OUT if subject or value else float(self.statistics.triples)
        if isinstance(triple.object, NamedNode) and triple.predicate.value == TYPE and not subject:
            return float(self.statistics.classes.get(self._id(triple.object), 0))
        found = self._predicate(triple.predicate)
        if found is None:
            return 0.0
        if subject and value:
            return min(1.0, found.triples / max(found.subjects * found.objects, 1))
        ends = found.subjects if subject else found.objects if value else 1
        return found.triples / max(ends, 1)

    def _triples(self, iri: NamedNode) -> float:
        found = self._predicate(iri)
        return float(found.triples) if found else 0.0

    def _predicate(self, iri: NamedNode) -> Predicate | None:
        return self.statistics.predicates.get(self._id(iri))

    def _id(self, term: NamedNode) -> int:
        return self.statistics.id_of(term) or -1


def _is_bound(node: a.Node, known: set[str]) -> bool:
    return not isinstance(node, a.Var) or node.name in known


def _nodes(triple: a.TriplePattern) -> tuple[a.Node, ...]:
    return triple.subject, triple.predicate, triple.object


def _parts(value: object) -> list[object]:
    """The members of an algebra value, at any depth of tuples."""
    if isinstance(value, tuple):
        return list(value)
    names = getattr(type(value), "__slots__", ())
    return [getattr(value, name) for name in names] if type(value).__module__ == a.__name__ else []


def _variables(pattern: object) -> Bound:
    """The variables that occur anywhere in a pattern."""
    if isinstance(pattern, a.Var):
        return frozenset({pattern.name})
    return frozenset().union(*(_variables(part) for part in _parts(pattern)))


def _exists(expression: object) -> list[a.Exists]:
    if isinstance(expression, a.Exists):
        return [expression]
    return [found for part in _parts(expression) for found in _exists(part)]


def _links(path: object) -> list[NamedNode]:
    if isinstance(path, a.Link):
        return [path.iri]
    return [found for part in _parts(path) for found in _links(part)]


def _needs_all(pattern: a.Pattern) -> bool:
    """Whether the first solution needs all of them: an order, groups or distinct rows."""
    if isinstance(pattern, a.OrderBy | a.Group | a.Distinct):
        return True
    inner = getattr(pattern, "pattern", None)
    return inner is not None and _needs_all(inner)
