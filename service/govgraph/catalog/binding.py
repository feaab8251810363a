"""Terms put for the variables of a query's parameters, as SHACL pre-binds `$this`.

A value is a term before it comes here and takes the place of a variable in the query's algebra, not
in its text: nothing that a caller writes is ever read as syntax. Whether a parameter is given is
known then too, so what hangs on `BOUND(?name)` is decided here and not for every row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from govgraph.catalog.entry import Entry
from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.rewrite import rebuilt
from govgraph.engine.columnar.visibility import walk
from govgraph.engine.columnar.write import printed
from govgraph.vocabulary import PREFIXES

Terms = Mapping[str, Sequence[NamedNode | Literal]]
_ENDS = ("earliest", "latest")
_BOOLEAN = NamedNode(PREFIXES["xsd"] + "boolean")
#: Expressions whose value is a boolean, or an error.
_BOOLEANS = a.Or | a.And | a.Not | a.Compare | a.In | a.Exists
_TRUE, _FALSE = (Literal(text, datatype=_BOOLEAN) for text in ("true", "false"))


def variables(entry: Entry) -> set[str]:
    """The variables that an entry's parameters speak for."""
    dates = [p.name for p in entry.parameters if p.type == "date"]
    return {p.name for p in entry.parameters} | {f"{name}_{end}" for name in dates for end in _ENDS}


def bound(query: str, terms: Terms, names: Collection[str]) -> str:
    """The query with terms for the variables in `names`, which stay unbound without one.

    ValueError where a variable of several terms stands elsewhere than in a list of IN.
    """
    parsed = _parsed(query)
    return printed(replace(parsed, pattern=_put(parsed.pattern, terms, names)))


def misused(query: str, names: Collection[str]) -> str | None:
    """A parameter that a query shows or gives a value to, which only the caller may."""
    for part in walk(_parsed(query).pattern):
        match part:
            case a.Project(_, shown) | a.Values(shown):
                found = [var.name for var in shown]
            case a.Extend(_, var):
                found = [var.name]
            case a.Group(_, keys, aggregates):
                found = [var.name for var, _ in (*keys, *aggregates)]
            case _:
                continue
        for name in found:
            if name in names:
                return name
    return None


@lru_cache(256)
def _parsed(query: str) -> a.Query:
    return parse(query, prefixes=PREFIXES)


def _put(value: Any, terms: Terms, names: Collection[str]) -> Any:
    def change(part: Any) -> Any:
        match part:
            case a.Call("BOUND", (a.Var(name),)) if name in names:
                return _TRUE if name in terms else _FALSE
            case a.Var(name) if name in terms:
                return _one(name, terms[name])
            case a.In(operand, choices, negated):
                listed = (_choices(choice, terms, names) for choice in choices)
                return a.In(_put(operand, terms, names), sum(listed, ()), negated)
            case a.Or() | a.And() | a.Not() | a.Call("IF") | a.Filter():
                return _decided(part, terms, names)
        return part

    return rebuilt(value, change)


def _one(name: str, terms: Sequence[NamedNode | Literal]) -> NamedNode | Literal:
    if len(terms) > 1:
        raise ValueError(f"?{name} has several values and is not in a list of IN")
    return terms[0]


def _choices(choice: a.Expression, terms: Terms, names: Collection[str]) -> tuple[Any, ...]:
    if isinstance(choice, a.Var) and choice.name in terms:
        return tuple(terms[choice.name])
    return (_put(choice, terms, names),)


def _decided(part: Any, terms: Terms, names: Collection[str]) -> Any:
    """An expression or filter as far as it hangs on constants only."""

    def put(inner: Any) -> Any:
        return _put(inner, terms, names)

    match part:
        case a.Not(operand):
            inner = put(operand)
            return {_TRUE: _FALSE, _FALSE: _TRUE}.get(inner) or a.Not(inner)
        case a.Or(left, right):
            return _either(put(left), put(right), _TRUE, _FALSE, a.Or)
        case a.And(left, right):
            return _either(put(left), put(right), _FALSE, _TRUE, a.And)
        case a.Call("IF", (test, yes, no)):
            inner = put(test)
            if inner in (_TRUE, _FALSE):
                return put(yes if inner == _TRUE else no)
            return a.Call("IF", (inner, put(yes), put(no)))
        case a.Filter(condition, pattern):
            inner = put(condition)
            return put(pattern) if inner == _TRUE else a.Filter(inner, put(pattern))


def _either(left: Any, right: Any, decides: Literal, leaves: Literal, join: Any) -> Any:
    """`left || right`, or with && for `join`: one constant decides, the other leaves the rest."""
    if decides in (left, right):
        return decides
    for constant, other in ((left, right), (right, left)):
        if constant == leaves and (other in (_TRUE, _FALSE) or isinstance(other, _BOOLEANS)):
            return other
    return join(left, right)
