"""Queries that begin at a node they name, with what they say of it worked out first.

Planners begin with a pattern of two variables where a path leads from a node to one of them, or a
filter holds one to an IRI, and go through a nation. Here the ends of such a path become VALUES, and
the IRI takes the variable's place. Oxigraph also reads an OPTIONAL of several triples for everything
there is; link by link it looks them up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from govgraph.engine.base import Term
from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.rewrite import rebuilt
from govgraph.engine.columnar.visibility import certain, mentioned, walk

#: Ends of a path that are listed.
MOST = 200
#: The nodes that a node is linked to by a property, forward or back.
Linked = Callable[[Term, NamedNode, bool], Iterable[Term]]
#: Patterns without a scope of their own: a variable in them is the group's.
_OPEN = (a.Bgp, a.PathPattern, a.Join, a.LeftJoin, a.Filter, a.Extend, a.Union)
_SCOPED = (
    a.Minus,
    a.Graph,
    a.Values,
    a.Group,
    a.OrderBy,
    a.Project,
    a.Distinct,
    a.Reduced,
    a.Slice,
)


def narrowed(query: a.Query, linked: Linked) -> a.Query:
    """The query with the same solutions, begun at the nodes that it names; the query itself if
    there is nothing to work out. What is asked of graphs by name is left as it is."""
    if any(isinstance(part, a.Graph) for part in walk(query.pattern)):
        return query
    return replace(query, pattern=_stepwise(_narrower(query.pattern, linked)))


def _narrower(pattern: Any, linked: Linked) -> Any:
    def change(part: Any) -> Any:
        match part:
            case a.Exists():
                return _left(part)
            case a.Filter(a.Compare("=", a.Var() as var, NamedNode() as node), inner):
                if _may_put(inner, var):
                    return a.Extend(_narrower(_put(inner, var, node), linked), var, node)
            case a.PathPattern(path=a.Repeat()):
                return _listed(part, linked)
        return part

    return rebuilt(pattern, change)


def _left(part: a.Exists) -> a.Exists:
    """An equal one, which is not looked into: it is asked once for each solution."""
    return replace(part)


def _may_put(pattern: a.Pattern, var: a.Var) -> bool:
    """Whether a term can stand for a variable in all of a pattern that surely binds it."""
    for part in walk(pattern):
        bound = isinstance(part, a.Call) and part.name == "BOUND" and var in part.args
        if bound or (isinstance(part, _SCOPED) and var.name in mentioned(part)):
            return False
    return isinstance(pattern, _OPEN) and var.name in certain(pattern)


def _put(pattern: a.Pattern, var: a.Var, node: NamedNode) -> Any:
    return rebuilt(pattern, lambda part: node if part == var else part)


def _listed(part: a.PathPattern, linked: Linked) -> a.Pattern:
    """VALUES with the ends of a repeated link from a node that is named, if they are few."""
    assert isinstance(part.path, a.Repeat)
    match part:
        case a.PathPattern(NamedNode() as start, _, a.Var() as end):
            found = _reached(start, part.path, linked, forward=True)
        case a.PathPattern(a.Var() as end, _, NamedNode() as start):
            found = _reached(start, part.path, linked, forward=False)
        case a.PathPattern(NamedNode() as start, a.Repeat(zero=True), end_) if start == end_:
            return a.Bgp(())
        case _:
            return part
    if found is None:
        return part
    rows = tuple((term,) for term in found if not isinstance(term, BlankNode))
    return a.Values((end,), rows) if len(rows) == len(found) else part


def _reached(
    start: NamedNode, path: a.Repeat, linked: Linked, *, forward: bool
) -> list[Term] | None:
    """What a repeated link reaches, each once, as a path does; None if that is more than MOST."""
    link = path.path
    if isinstance(link, a.Inverse):
        link, forward = link.path, not forward
    if not isinstance(link, a.Link):
        return None
    reached: dict[Term, None] = dict.fromkeys([start] if path.zero else [])
    last: list[Term] = [start]
    while last:
        found = [end for node in last for end in islice(linked(node, link.iri, forward), MOST + 1)]
        last = [node for node in dict.fromkeys(found) if node not in reached]
        reached |= dict.fromkeys(last)
        if len(reached) > MOST:
            return None
        if not path.many:
            break
    return list(reached)


def _stepwise(pattern: Any) -> Any:
    """Each OPTIONAL of several triples as one of the first, with the others as OPTIONALs inside it
    that must be there."""

    def change(part: Any) -> Any:
        match part:
            case a.Exists():
                return _left(part)
            case a.LeftJoin(left, a.Bgp(triples), None) if _are_steps(left, triples):
                steps: a.Pattern = a.Bgp(triples[:1])
                for triple in triples[1:]:
                    steps = a.LeftJoin(steps, a.Bgp((triple,)), None)
                return a.LeftJoin(_stepwise(left), steps, _all_bound(triples[1:]))
        return part

    return rebuilt(pattern, change)


def _all_bound(triples: Iterable[a.TriplePattern]) -> a.Expression:
    objects = (triple.object for triple in triples)
    bound: list[a.Expression] = [a.Call("BOUND", (n,)) for n in objects if isinstance(n, a.Var)]
    return reduce(a.And, bound)


def _are_steps(left: a.Pattern, triples: tuple[a.TriplePattern, ...]) -> bool:
    """Whether triples speak of one node, and each of the others has an object that only it binds."""
    if len(triples) < 2 or len({triple.subject for triple in triples}) > 1:
        return False
    objects = [triple.object for triple in triples]
    known = mentioned(left, *(triple.subject for triple in triples))
    names = [each.name for each in objects if isinstance(each, a.Var)]
    fresh = len(set(names)) == len(triples) and known.isdisjoint(names)
    return fresh and all(isinstance(triple.predicate, NamedNode) for triple in triples)
