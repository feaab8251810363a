"""A query's pattern opened for one of its rows: what is to be solved again to see what gave the row.

Modifiers and aggregates are taken off, and what the row says is put in: values of variables that
every solution binds as terms, computed values as filters, gaps as `!BOUND`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pyoxigraph import BlankNode, Literal

from govgraph.engine.base import Term
from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.put import put, visible
from govgraph.engine.columnar.visibility import certain, mentioned, walk

P = TypeVar("P")


@dataclass(frozen=True)
class Opened:
    """`pattern` is to be solved; `known` are the values that were put into it. `sources` says for
    each variable of the row which variables of the pattern it comes from."""

    pattern: a.Pattern
    known: Mapping[str, Term]
    sources: Mapping[str, frozenset[str]]


def opened(pattern: a.Pattern, row: Mapping[str, Term | None]) -> Opened:
    """Open a pattern for a row; None is unbound. Blank nodes of the row are left open."""
    state = _Opening({name: term for name, term in row.items() if _usable(term)})
    inner = visible(state.taken_off(pattern))
    sure = certain(inner)
    known = {name: term for name, term in state.row.items() if name in sure and term is not None}
    tests = [_test(name, term) for name, term in state.row.items() if name not in known]
    body, seen = put(inner, known), mentioned(inner)
    for test in (*state.tests, *tests):
        if mentioned(test) <= seen:
            body = a.Filter(put(test, known), body)
    return Opened(body, known, {name: state.traced(name) for name in row})


def _usable(term: Term | None) -> bool:
    return not isinstance(term, BlankNode)


def _test(name: str, term: Term | None) -> a.Expression:
    """A filter that a variable has the value, or none."""
    bound = a.Call("BOUND", (a.Var(name),))
    return a.Not(bound) if term is None else _same(a.Var(name), term)


def _same(expression: a.Expression, term: Term) -> a.Expression:
    """Equal as terms or as values: engines may write a number in another way."""
    assert not isinstance(term, BlankNode)
    same = a.Call("SAMETERM", (expression, term))
    return a.Or(same, a.Compare("=", expression, term)) if isinstance(term, Literal) else same


@dataclass
class _Opening:
    """The row as far as it speaks of what is left of the pattern, tests of computed keys, and what
    each computed variable comes from."""

    row: dict[str, Term | None]
    tests: list[a.Expression] = field(default_factory=list)
    comes: dict[str, frozenset[str]] = field(default_factory=dict)

    def taken_off(self, pattern: a.Pattern) -> a.Pattern:
        """What modifiers and aggregates work on."""
        match pattern:
            case a.Slice(inner) | a.Distinct(inner) | a.Reduced(inner) | a.OrderBy(inner):
                return self.taken_off(inner)
            case a.Project(inner, names):
                self.row = {v.name: self.row[v.name] for v in names if v.name in self.row}
                return self.taken_off(inner)
            case a.Extend(inner, var, expression) if _aggregated(inner):
                self.comes[var.name] = frozenset(mentioned(expression))
                self.row.pop(var.name, None)
                return self.taken_off(inner)
            case a.Filter(_, inner) if _aggregated(inner):
                return self.taken_off(inner)
            case a.Group(inner, keys, aggregates):
                return self._grouped(inner, keys, aggregates)
        self._alias(pattern)
        return pattern

    def _alias(self, pattern: object) -> None:
        """What the pattern computes, and the values of variables that are shown by another name."""
        for part in walk(pattern):
            if isinstance(part, a.Extend):
                self.comes[part.var.name] = frozenset(mentioned(part.expression))
        while isinstance(pattern, a.Extend):
            term = self.row.get(pattern.var.name)
            if isinstance(pattern.expression, a.Var) and term is not None:
                self.row.setdefault(pattern.expression.name, term)
            pattern = pattern.pattern

    def _grouped(
        self,
        inner: a.Pattern,
        keys: tuple[tuple[a.Var, a.Expression], ...],
        aggregates: tuple[tuple[a.Var, a.Aggregate], ...],
    ) -> a.Pattern:
        for var, aggregate in aggregates:
            self.comes[var.name] = frozenset(mentioned(aggregate.operand or inner))
        given, self.row = self.row, {}
        for var, expression in keys:
            if var != expression:
                self.comes[var.name] = frozenset(mentioned(expression))
            if var.name not in given:
                continue
            term = given[var.name]
            if isinstance(expression, a.Var):
                self.row[expression.name] = term
            elif term is not None:
                self.tests.append(_same(expression, term))
        self._alias(inner)
        return inner

    def traced(self, name: str) -> frozenset[str]:
        """The variables of the pattern that a variable of the row comes from."""
        if name not in self.comes:
            return frozenset({name})
        from_, self.comes[name] = self.comes[name], frozenset()  # nothing comes from itself
        parts = [self.traced(part) for part in from_]
        self.comes[name] = from_
        return frozenset().union(*parts)


def _aggregated(pattern: a.Pattern) -> bool:
    while isinstance(pattern, a.Extend | a.Filter | a.Project):
        pattern = pattern.pattern
    return isinstance(pattern, a.Group)
