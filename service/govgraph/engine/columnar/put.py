"""Terms, or names that can be shown, put for the variables of a pattern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Term
from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.rewrite import rebuilt
from govgraph.engine.columnar.visibility import mentioned

P = TypeVar("P")
_TRUE = Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))


def put(pattern: P, known: Mapping[str, Term]) -> P:
    """The pattern with terms for variables, within the reach of each."""

    def change(value: Any) -> Any:
        match value:
            case a.Var(name) if name in known:
                return known[name]
            case a.Call("BOUND", (a.Var(name),)) if name in known:
                return _TRUE
            case a.Project(inner, names):
                shown = {v.name for v in names}
                reached = {name: term for name, term in known.items() if name in shown}
                return a.Project(
                    put(inner, reached), tuple(v for v in names if v.name not in known)
                )
            case a.Group(inner, keys, aggregates):
                reached = {v.name: known[v.name] for v, e in keys if v == e and v.name in known}
                kept = tuple((v, put(e, reached)) for v, e in keys if v.name not in reached)
                return a.Group(put(inner, reached), kept, put(aggregates, reached))
            case a.Extend(inner, var, expression):
                return a.Extend(put(inner, known), var, put(expression, known))
            case a.Values(names, rows):
                return _values(names, rows, known)
        return value

    return rebuilt(pattern, change)  # type: ignore[no-any-return]


def _values(
    names: tuple[a.Var, ...],
    rows: tuple[tuple[a.Constant | None, ...], ...],
    known: Mapping[str, Term],
) -> a.Values:
    """Inline data that agrees with what is known, without its columns."""
    kept = [n for n, var in enumerate(names) if var.name not in known]
    agreeing = (
        row
        for row in rows
        if all(
            value is None or known.get(var.name, value) == value
            for var, value in zip(names, row, strict=True)
        )
    )
    return a.Values(
        tuple(names[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in agreeing)
    )


def visible(pattern: P) -> P:
    """The pattern with a variable that can be shown, of a name of its own, for each hidden one."""
    prefix = "h_"
    while any(name.startswith(prefix) for name in mentioned(pattern)):
        prefix = "h" + prefix

    def change(value: Any) -> Any:
        if isinstance(value, a.Var) and value.hidden:
            return a.Var(prefix + value.name[2:].replace(".", "x_"))
        return value

    return rebuilt(pattern, change)  # type: ignore[no-any-return]
