"""Queries in words that Virtuoso (7.2) understands as SPARQL means them.

docs/remote.md lists what it does otherwise, and what remains different.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.rewrite import rebuilt
from govgraph.engine.remote import conditions


def adapted(query: a.Query) -> a.Query:
    """The query in such words."""
    return replace(query, pattern=rebuilt(query.pattern, _changed))


def _changed(part: Any) -> Any:
    """One part of a pattern, those within it included; the part itself if it may stay."""
    match part:
        case a.Filter(condition, inner):
            return a.Filter(_condition(condition, inner), _inner(inner))
        case a.LeftJoin(left, right, condition) if condition is not None:
            return a.LeftJoin(_inner(left), _inner(right), _condition(condition, right))
        case a.Extend(inner, var, expression):
            return a.Extend(_inner(inner), var, _value(expression))
        case a.Group(inner, keys, aggregates):
            named = tuple((var, _value(key)) for var, key in keys)
            return a.Group(_inner(inner), named, tuple((v, _aggregate(one)) for v, one in aggregates))
        case a.OrderBy(inner, keys):
            return a.OrderBy(_inner(inner), tuple((_value(key), down) for key, down in keys))
        case a.PathPattern(a.Var() as subject, path, a.Var()) if _closes(path):
            return _started(part, subject)
    return part


def _inner(part: Any) -> Any:
    return rebuilt(part, _changed)


def _condition(condition: a.Expression, inner: a.Pattern) -> a.Expression:
    """A filter's condition. BOUND of what was computed just before ends its compiler."""
    computed = set()
    while isinstance(inner, a.Extend):
        computed.add(inner.var)
        inner = inner.pattern
    plain = condition if conditions.is_plain(condition) else conditions.true(condition)
    return _within(rebuilt(plain, lambda part: _bound(part, computed)))


def _bound(part: Any, computed: set[a.Var]) -> Any:
    match part:
        case a.Call("BOUND", (a.Var() as var,)) if var in computed:
            tests = [a.Call(name, (var,)) for name in ("ISLITERAL", "ISIRI", "ISBLANK")]
            return a.Or(a.Or(tests[0], tests[1]), tests[2])
        case a.Exists():
            return _within(part)
    return part


def _value(expression: a.Expression) -> a.Expression:
    return _within(conditions.value(expression))


def _within(expression: a.Expression) -> a.Expression:
    """An expression with its patterns adapted."""

    def change(part: Any) -> Any:
        return a.Exists(_inner(part.pattern), part.negated) if isinstance(part, a.Exists) else part

    found: a.Expression = rebuilt(expression, change)
    return found


def _aggregate(aggregate: a.Aggregate) -> a.Aggregate:
    operand = aggregate.operand
    return aggregate if operand is None else replace(aggregate, operand=_value(operand))


def _closes(path: a.PropertyPath) -> bool:
    return isinstance(path, a.Repeat) and path.many and not path.zero


def _started(path: a.PathPattern, subject: a.Var) -> a.Pattern:
    """A closure that knows where to start, which it has to be told."""
    assert isinstance(path.path, a.Repeat)
    step, end = path.path.path, a.Var(f"govgraph_after_{subject.name.removeprefix('_:')}")
    first: a.Pattern = a.PathPattern(subject, step, end)
    if isinstance(step, a.Link):
        first = a.Bgp((a.TriplePattern(subject, step.iri, end),))
    return a.Join(a.Distinct(a.Project(first, (subject,))), path)
