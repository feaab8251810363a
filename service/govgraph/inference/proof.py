"""What a row of an answer rests on: the solutions that gave it, as triples of the graph.

The query's pattern is opened for the row (opened.py) and solved again; each solution makes triples
of its patterns: of paths one way that leads from end to end, of sub-selects what their own rows rest
on. What must be absent (NOT EXISTS, MINUS, a gap) leaves no triple. The work is bounded: so many
solutions are looked at, and the number of all of them is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Triple

from govgraph.engine.base import Row, Term
from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.put import put
from govgraph.engine.columnar.visibility import mentioned, parts
from govgraph.engine.columnar.write import group_text
from govgraph.inference.graph import Graph
from govgraph.inference.opened import Opened, opened
from govgraph.inference.rule import instance, value
from govgraph.inference.witness import witness

#: Solutions of a row, and of each sub-select or EXISTS in one, that are looked at; triples of a row.
SOLUTIONS, INNER, TRIPLES = 20, 3, 300


@dataclass(frozen=True)
class Proof:
    """`total` solutions gave the row, `shown` of them were looked at. `triples` is what they rest
    on, in the order of the query; `columns` says which of them speak for which column."""

    total: int
    shown: int
    triples: tuple[Triple, ...]
    columns: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class _Found:
    """A triple, the variables of the pattern it is from, and whether the graph surely holds it."""

    triple: Triple
    names: frozenset[str]
    sure: bool


def prove(graph: Graph, query: a.Query, row: Mapping[str, Term | None]) -> Proof:
    """What a row of a SELECT rests on. `row` has a term, or None, for each column of the answer
    that is to be explained; the others are left open."""
    open_ = opened(query.pattern, row)
    solutions = _solutions(graph, open_, SOLUTIONS)
    total = len(solutions) if len(solutions) < SOLUTIONS else _count(graph, open_)
    found = [
        each
        for solution in solutions
        for each in _triples(graph, open_.pattern, {**open_.known, **solution}, True)
    ]
    held = _held(graph, found)[:TRIPLES]
    return Proof(total, len(solutions), tuple(each.triple for each in held), _columns(open_, held))


def _columns(open_: Opened, found: list[_Found]) -> dict[str, tuple[int, ...]]:
    # where a value was put in, the pattern no longer names its variable: the term tells
    columns: dict[str, tuple[int, ...]] = {}
    for column, names in open_.sources.items():
        terms = {open_.known[name] for name in names if name in open_.known}
        columns[column] = tuple(
            n
            for n, each in enumerate(found)
            if names & each.names or terms & {each.triple.subject, each.triple.object}
        )
    return columns


def _held(graph: Graph, found: list[_Found]) -> list[_Found]:
    """Each triple once, without those that turn out not to be there."""
    merged: dict[Triple, _Found] = {}
    for each in found:
        known = merged.get(each.triple)
        names = each.names | (known.names if known else frozenset())
        merged[each.triple] = _Found(each.triple, names, each.sure or bool(known and known.sure))
    doubtful = [triple for triple, each in merged.items() if not each.sure]
    there = graph.graphs_of(doubtful) if doubtful else {}
    return [each for triple, each in merged.items() if each.sure or there.get(triple)]


# -- solutions -----------------------------------------------------------------------------------


def _solutions(graph: Graph, open_: Opened, limit: int) -> list[Row]:
    # sorted here: Oxigraph's ORDER BY over many gaps can end the process (0.5.13)
    body = group_text(open_.pattern)
    found = graph.engine.select(f"SELECT DISTINCT * WHERE {{ {body} }} LIMIT {limit}")
    return sorted(found, key=lambda row: sorted((name, str(term)) for name, term in row.items()))


def _count(graph: Graph, open_: Opened) -> int:
    body = group_text(open_.pattern)
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT * WHERE {{ {body} }} }} }}"
    return int(graph.engine.select(query)[0]["n"].value)


def _shown(pattern: object) -> set[str]:
    """The variables that SELECT * shows of a pattern, or more."""
    match pattern:
        case a.Project(_, names):
            return {var.name for var in names}
        case a.Group(_, keys, aggregates):
            return {var.name for var, _ in (*keys, *aggregates)}
        case a.Filter(_, inner) | a.Minus(inner):
            return _shown(inner)
        case a.Extend(inner, var):
            return _shown(inner) | {var.name}
        case a.Join(left, right) | a.Union(left, right) | a.LeftJoin(left, right):
            return _shown(left) | _shown(right)
        case a.Slice(inner) | a.Distinct(inner) | a.Reduced(inner) | a.OrderBy(inner):
            return _shown(inner)
        case a.Graph(name, inner):
            return _shown(inner) | mentioned(name)
    return mentioned(pattern)


# -- triples -------------------------------------------------------------------------------------


def _triples(
    graph: Graph, pattern: object, values: Mapping[str, Term], sure: bool
) -> Iterator[_Found]:
    """The triples that a solution makes of a pattern."""
    match pattern:
        case a.Bgp(triples):
            for triple in triples:
                made = instance(triple, values)
                if made is not None:
                    yield _Found(made, frozenset(mentioned(triple)), sure)
        case a.PathPattern(subject, path, object_):
            start, end = value(subject, values), value(object_, values)
            if start is not None and end is not None:
                for step in witness(graph, path, start, end) or ():
                    yield _Found(step, frozenset(mentioned(subject, object_)), sure)
        case a.Join(left, right):
            yield from _triples(graph, left, values, sure)
            yield from _triples(graph, right, values, sure)
        case a.LeftJoin(left, right, condition):
            yield from _triples(graph, left, values, sure)
            yield from _triples(graph, right, values, False)
            yield from _existing(graph, condition, values)
        case a.Union(left, right):
            yield from _triples(graph, left, values, False)
            yield from _triples(graph, right, values, False)
        case a.Filter(condition, inner):
            yield from _triples(graph, inner, values, sure)
            yield from _existing(graph, condition, values)
        case a.Extend(inner, _, expression):
            yield from _triples(graph, inner, values, sure)
            yield from _existing(graph, expression, values)
        case a.Minus(inner) | a.Graph(_, inner):
            yield from _triples(graph, inner, values, sure)
        case a.Project() | a.Group() | a.Slice() | a.Distinct() | a.Reduced() | a.OrderBy():
            names = _shown(pattern)
            open_ = opened(pattern, {n: term for n, term in values.items() if n in names})
            yield from _inner(graph, open_, names, values)


def _existing(graph: Graph, expression: object, values: Mapping[str, Term]) -> Iterator[_Found]:
    """What each EXISTS of an expression rests on, if it holds."""
    if isinstance(expression, a.Exists):
        # as SPARQL has it, the outer values stand in the pattern
        open_ = Opened(put(expression.pattern, values), values, {})
        yield from _inner(graph, open_, mentioned(expression.pattern), values)
        return
    for part in parts(expression):
        yield from _existing(graph, part, values)


def _inner(
    graph: Graph, open_: Opened, names: set[str], values: Mapping[str, Term]
) -> Iterator[_Found]:
    """What a sub-select's row, or an EXISTS, rests on. Only what the outside sees of it, `names`,
    speaks for the row's columns."""
    for solution in _solutions(graph, open_, INNER):
        inner = {**open_.known, **solution}
        for each in _triples(graph, open_.pattern, inner, True):
            terms = {each.triple.subject, each.triple.object}
            seen = frozenset(name for name in names if values.get(name) in terms)
            yield _Found(each.triple, seen, each.sure)
