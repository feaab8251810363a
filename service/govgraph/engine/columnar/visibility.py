"""What a pattern or expression speaks of: variables mentioned, in scope, certainly bound."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import chain

from govgraph.engine.columnar import algebra


def parts(value: object) -> tuple[object, ...]:
    """The fields of an algebra value."""
    if isinstance(value, tuple):
        return value
    if not type(value).__module__.endswith(".algebra"):
        return ()
    return tuple(getattr(value, name) for name in getattr(type(value), "__match_args__", ()))


def walk(value: object) -> Iterator[object]:
    """The value and all values inside it."""
    yield value
    for part in parts(value):
        yield from walk(part)


def mentioned(*values: object) -> set[str]:
    """All variables in expressions or patterns."""
    return {x.name for value in values for x in walk(value) if isinstance(x, algebra.Var)}


def reachable(value: object) -> set[str]:
    """The variables that a substitution reaches: not those that a sub-select keeps to itself."""
    if isinstance(value, algebra.Var):
        return {value.name}
    names: set[str] = set()
    for part in parts(value):
        names |= reachable(part)
    if isinstance(value, algebra.Project):
        names &= {v.name for v in value.vars}
    return names


def certain(pattern: algebra.Pattern) -> set[str]:
    """The variables that each solution of the pattern binds."""
    match pattern:
        case algebra.Bgp() | algebra.PathPattern():
            return mentioned(pattern)
        case algebra.Join(left, right):
            return certain(left) | certain(right)
        case algebra.LeftJoin(left) | algebra.Minus(left):
            return certain(left)
        case algebra.Union(left, right):
            return certain(left) & certain(right)
        case algebra.Graph(name, inner):
            return certain(inner) | mentioned(name)
        case algebra.Values(variables, rows):
            full = (i for i in range(len(variables)) if all(row[i] is not None for row in rows))
            return {variables[i].name for i in full}
        case algebra.Group(inner, keys):
            return {key.name for key, e in keys if e == key} & certain(inner)
        case algebra.Project(inner, variables):
            return certain(inner) & {v.name for v in variables}
        case algebra.Filter(_, inner) | algebra.Extend(inner) | algebra.OrderBy(inner):
            return certain(inner)
        case algebra.Distinct(inner) | algebra.Reduced(inner) | algebra.Slice(inner):
            return certain(inner)


def tested(pattern: algebra.Pattern) -> Iterator[tuple[set[str], set[str]]]:
    """For each expression inside the pattern: what it mentions, and what is certain there."""
    for node in walk(pattern):
        match node:
            case algebra.Filter(condition, inner):
                yield mentioned(condition), certain(inner)
            case algebra.LeftJoin(left, right, condition) if condition is not None:
                yield mentioned(condition), certain(left) | certain(right)
            case algebra.Extend(inner, _, expression):
                yield mentioned(expression), certain(inner)
            case algebra.Group(inner, keys, aggregates):
                inputs = chain((e for _, e in keys), (a.operand for _, a in aggregates))
                yield reduce(set.union, map(mentioned, inputs), set()), certain(inner)
            case algebra.OrderBy(inner, order):
                yield mentioned(order), certain(inner)
