"""Queries in words that Virtuoso (7.2) understands as SPARQL means them.

docs/remote.md lists what it does otherwise, and what remains different.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import count
from typing import Any

from pyoxigraph import Literal

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.put import visible
from govgraph.engine.columnar.rewrite import rebuilt
from govgraph.engine.columnar.visibility import certain, walk
from govgraph.engine.remote.conditions import GAP, Wording, is_plain, present

#: Tells apart the places that a path leads through.
_NUMBERS = count(1)


def adapted(query: a.Query) -> a.Query:
    """The query in such words."""
    return replace(query, pattern=visible(_pattern(query.pattern)))


def _pattern(pattern: Any) -> Any:
    return rebuilt(pattern, _changed)


def _changed(part: Any) -> Any:
    """One part of a pattern, those within it included; the part itself if it may stay."""
    match part:
        case a.Filter(condition, inner):
            return a.Filter(_condition(condition, inner), _pattern(inner))
        case a.LeftJoin(left, right, condition) if condition is not None:
            return a.LeftJoin(_pattern(left), _pattern(right), _condition(condition, right))
        case a.Extend(inner, var, expression):
            value = _wording(inner).value(expression)
            return a.Extend(_pattern(inner), var, _within(value))
        case a.OrderBy(inner, keys):
            rank = _wording(inner).rank
            ranked = tuple((_within(rank(key)), down) for key, down in keys)
            return a.OrderBy(_pattern(inner), ranked)
        case a.Group():
            return _grouped(part)
        case a.Values(_, (_, _, *_)):
            return _values(part)
        case a.PathPattern(subject, path, end):
            return _path(subject, path, end)
    return part


# -- expressions ---------------------------------------------------------------------------------


def _wording(pattern: a.Pattern) -> Wording:
    return Wording(frozenset(certain(pattern)))


def _condition(condition: a.Expression, inner: a.Pattern) -> a.Expression:
    """A filter's condition. BOUND of what was computed just before ends its compiler."""
    plain = condition if is_plain(condition) else _wording(inner).true(condition)
    computed = set()
    while isinstance(inner, a.Extend):
        computed.add(inner.var)
        inner = inner.pattern

    def change(part: Any) -> Any:
        match part:
            case a.Call("BOUND", (a.Var() as var,)) if var in computed:
                return present(var)
        return part

    return _within(rebuilt(plain, change))


def _within(expression: a.Expression) -> a.Expression:
    """An expression with its patterns adapted."""

    found: a.Expression = rebuilt(expression, _said)
    return found


def _said(part: Any) -> Any:
    match part:
        case a.Exists(pattern, negated):
            return a.Exists(_pattern(pattern), negated)
        case a.In(operand, choices, True) | a.Not(a.In(operand, choices, False)) if choices:
            # its compiler overflows at NOT IN within EXISTS
            same: list[a.Expression] = [a.Compare("=", _within(operand), c) for c in choices]
            return a.Not(reduce(a.Or, same))
    return part


# -- patterns ------------------------------------------------------------------------------------


def _values(values: a.Values) -> a.Pattern:
    """Inline data, of whose texts with languages it finds none in the data if there are two of a
    language: they are made of plain texts, those of each language apart."""
    apart: dict[tuple[str | None, ...], list[tuple[a.Constant | None, ...]]] = {}
    for row in values.rows:
        languages = tuple(cell.language if isinstance(cell, Literal) else None for cell in row)
        apart.setdefault(languages, []).append(row)
    parts = [_spoken(values.vars, rows, languages) for languages, rows in apart.items()]
    return reduce(a.Union, parts)


def _spoken(
    names: tuple[a.Var, ...],
    rows: list[tuple[a.Constant | None, ...]],
    languages: tuple[str | None, ...],
) -> a.Pattern:
    """Rows whose columns are in these languages."""
    tagged = {var: language for var, language in zip(names, languages, strict=True) if language}
    texts = {var: a.Var(f"govgraph_text_{var.name}") for var in tagged}
    plain = tuple(
        tuple(
            Literal(cell.value) if var in tagged and cell is not None else cell
            for var, cell in zip(names, row, strict=True)
        )
        for row in rows
    )
    found: a.Pattern = a.Values(tuple(texts.get(var, var) for var in names), plain)
    for var, language in tagged.items():
        found = a.Extend(found, var, a.Call("STRLANG", (texts[var], Literal(language))))
    return found


def _path(subject: a.Node, path: a.PropertyPath, end: a.Node) -> a.Pattern:
    """A path as the patterns that it stands for, which are planned better."""
    match path:
        case a.Link(iri):
            return a.Bgp((a.TriplePattern(subject, iri, end),))
        case a.Inverse(inner):
            return _path(end, inner, subject)
        case a.Sequence(left, right) if not _repeats(path):
            middle = a.Var(f"_:path{next(_NUMBERS)}")
            return a.Join(_path(subject, left, middle), _path(middle, right, end))
        case a.Alternative(left, right) if not _repeats(path):
            return a.Union(_path(subject, left, end), _path(subject, right, end))
        case a.Repeat(_, zero, True):
            return _closure(a.PathPattern(subject, path, end), subject, end, zero=zero)
    return a.PathPattern(subject, path, end)


def _repeats(path: a.PropertyPath) -> bool:
    """Whether a closure is part of a path: one that is taken out of it ends the server."""
    return any(isinstance(part, a.Repeat) for part in walk(path))


def _closure(path: a.PathPattern, subject: a.Node, end: a.Node, *, zero: bool) -> a.Pattern:
    """A path of any length: each end once, however many ways there are; and one that starts
    anywhere is told where it may, which it has to be."""
    free = [node for node in (subject, end) if isinstance(node, a.Var)]
    if len(free) == 1:
        return a.Distinct(a.Project(path, (free[0],)))
    if zero or not free or free[0] == free[1]:
        return path
    assert isinstance(path.path, a.Repeat)
    step, after = path.path.path, a.Var(f"govgraph_after_{free[0].name.removeprefix('_:')}")
    first: a.Pattern = a.PathPattern(subject, step, after)
    if isinstance(step, a.Link):
        first = a.Bgp((a.TriplePattern(subject, step.iri, after),))
    return a.Join(a.Distinct(a.Project(first, (free[0],))), path)


def _grouped(group: a.Group) -> a.Pattern:
    """Aggregates of what may be unbound, which it counts as if it were not, and of nothing, of
    which it says nothing."""
    group = _named(group)
    wording = _wording(group.pattern)
    keys = tuple((var, _within(wording.value(key))) for var, key in group.keys)
    found = [_aggregate(var, one, wording, alone=not keys) for var, one in group.aggregates]
    aggregates = tuple(pair for pairs, _ in found for pair in pairs)
    made: a.Pattern = a.Group(_pattern(group.pattern), keys, aggregates)
    for (var, _), (_, expression) in zip(group.aggregates, found, strict=True):
        made = made if expression is None else a.Extend(made, var, expression)
    return made


def _named(group: a.Group) -> a.Group:
    """A group that counts variables only: whether an expression has a value is known of one that
    has been named."""
    wording, inner = _wording(group.pattern), group.pattern
    aggregates: list[tuple[a.Var, a.Aggregate]] = []
    for var, one in group.aggregates:
        operand = one.operand
        if one.name == "COUNT" and operand is not None and not isinstance(operand, a.Var):
            name = a.Var(f"govgraph_counted_{next(_NUMBERS)}")
            inner = a.Extend(inner, name, operand) if wording.needed((operand,)) else inner
            one = replace(one, operand=name if wording.needed((operand,)) else operand)
        aggregates.append((var, one))
    return replace(group, pattern=inner, aggregates=tuple(aggregates))


Aggregates = list[tuple[a.Var, a.Aggregate]]


def _aggregate(
    var: a.Var, one: a.Aggregate, wording: Wording, *, alone: bool
) -> tuple[Aggregates, a.Expression | None]:
    """What to ask for in the place of an aggregate, and what that comes to if it is not just it.
    `alone` is the group that is there without any row."""
    if one.operand is None:
        return [(var, one)], None
    operand = _within(wording.value(one.operand))
    if one.name == "COUNT" and wording.needed((one.operand,)):
        missing = wording.chosen(one.operand, Literal(0), Literal(1))
        rows, gaps = a.Var(f"{var.name}.rows"), a.Var(f"{var.name}.gaps")
        if one.distinct:
            some = replace(one, operand=wording.chosen(one.operand, operand, GAP))
            asked: Aggregates = [(rows, some), (gaps, a.Aggregate("MAX", missing))]
        else:
            asked = [(rows, a.Aggregate("COUNT", None)), (gaps, a.Aggregate("SUM", missing))]
        return asked, a.Call("COALESCE", (a.Arithmetic("-", rows, gaps), Literal(0)))
    if one.name in ("SUM", "AVG") and alone:
        total, rows = a.Var(f"{var.name}.total"), a.Var(f"{var.name}.rows")
        asked = [(total, replace(one, operand=operand)), (rows, a.Aggregate("COUNT", None))]
        empty = a.Compare("=", rows, Literal(0))
        return asked, a.Call("IF", (empty, Literal(0), total))
    return [(var, replace(one, operand=operand))], None
