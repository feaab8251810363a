"""Expressions (§17): `value` translates one into facets, `condition` one that is tested.

SQL's AND, OR and NOT are three-valued as SPARQL's are, with NULL for an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.arithmetic import arithmetic
from govgraph.engine.columnar.casts import cast
from govgraph.engine.columnar.compare import compare
from govgraph.engine.columnar.computed import Choice, Known, error, truth
from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.facets import Value
from govgraph.engine.columnar.fresh import draws
from govgraph.engine.columnar.functions import FUNCTIONS
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.relation import Column, Relation
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.stored import Stored, Struct


def value(scope: Scope, expression: algebra.Expression) -> Value:
    """The value of an expression. NotCompiled for functions outside the compiled part."""
    make = _VALUES.get(type(expression))
    if make is not None:
        made: Value = make(scope, expression)
        return made
    if type(expression) in _CONDITIONS:
        return truth(scope, condition(scope, expression, lenient=False))
    raise NotCompiled(f"expression {type(expression).__name__}")


def condition(scope: Scope, expression: algebra.Expression, lenient: bool = True) -> str:
    """SQL that is true where the expression's effective boolean value is; `lenient` as in
    `compare`."""
    make = _CONDITIONS.get(type(expression))
    if make is not None:
        return make(scope, expression, lenient)
    if isinstance(expression, algebra.Call) and expression.name == "BOUND":
        return _bound(scope, expression)
    return value(scope, expression).ebv


def variable(scope: Scope, name: str) -> Value:
    """A variable's value; never bound by the relation, an error."""
    column = scope.relation.columns.get(name)
    if column is None:
        return error(scope)
    key = f"variable {name}"
    if key not in scope.values:
        kind = Stored if column.form == "id" else Struct
        scope.values[key] = kind(scope, name, column)
    found: Value = scope.values[key]
    return found


def stored(made: Value, name: str) -> tuple[str, Column]:
    """How a value becomes a column called `name`: its SQL, and the column's description."""
    ident = made.id
    scale = getattr(made, "one_scale", None)
    if ident is not None:
        local = t.LOCAL if _may_be_local(made) else 0
        return ident, Column(name, ident, "id", made.nullable, made.tags | local, scale)
    return made.term, Column(name, made.term, "term", made.nullable, made.tags)


def _may_be_local(made: Value) -> bool:
    if isinstance(made, Choice):
        return any(_may_be_local(arm) for _, arm in made.arms)
    if isinstance(made, Stored):
        return bool(made.scope.relation.columns[made.variable].tags & t.LOCAL)
    return isinstance(made, Known) and made.scope.context.is_local(made.ident)


def filtered(
    relation: Relation, expression: algebra.Expression, active: Active, context: Context
) -> Relation:
    """The rows of an open relation where the expression is true."""
    for part in conjuncts(expression):
        scope = Scope(relation, active, context)
        relation, (test,) = scope.close(condition(scope, part))
        relation = _drawn(relation, test, context) if draws(part) else relation.filtered(test)
    return relation


def _drawn(relation: Relation, test: str, context: Context) -> Relation:
    """A test that is another for each row: computed once, before joins can move it."""
    name = f"#{context.fresh('test')}"
    tested = context.once(relation.with_column(name, Column(context.name(name), test)))
    passed = tested.filtered(tested.columns[name].sql)
    return passed.keep([v for v in tested.columns if v != name])


def conjuncts(expression: algebra.Expression) -> list[algebra.Expression]:
    """The parts of a conjunction: each may filter on its own."""
    if isinstance(expression, algebra.And):
        return conjuncts(expression.left) + conjuncts(expression.right)
    return [expression]


# -- conditions ----------------------------------------------------------------------------------


def _and(scope: Scope, e: algebra.And, lenient: bool) -> str:
    return f"({condition(scope, e.left, lenient)} AND {condition(scope, e.right, lenient)})"


def _or(scope: Scope, e: algebra.Or, lenient: bool) -> str:
    return f"({condition(scope, e.left, lenient)} OR {condition(scope, e.right, lenient)})"


def _not(scope: Scope, e: algebra.Not, _lenient: bool) -> str:
    return f"NOT ({condition(scope, e.operand, lenient=False)})"


def _compare(scope: Scope, e: algebra.Compare, lenient: bool) -> str:
    return f"({compare(e.op, value(scope, e.left), value(scope, e.right), lenient)})"


def _in(scope: Scope, e: algebra.In, lenient: bool) -> str:
    operand = value(scope, e.operand)
    lenient = lenient and not e.negated
    tests = [f"({compare('=', operand, value(scope, c), lenient)})" for c in e.choices]
    either = f"({' OR '.join(tests) or 'false'})"
    return f"NOT {either}" if e.negated else either


def _bound(scope: Scope, e: algebra.Call) -> str:
    (operand,) = e.args
    if not isinstance(operand, algebra.Var):
        raise NotCompiled("BOUND of an expression")
    if operand.name not in scope.relation.columns:
        return "false"
    return f"({scope.column(operand.name)} IS NOT NULL)"


def _exists(scope: Scope, e: algebra.Exists, _lenient: bool) -> str:
    return scope.context.exists(scope, e)


# -- values --------------------------------------------------------------------------------------


def _negative(scope: Scope, e: algebra.Minus1) -> Value:
    return arithmetic(scope, "-", _zero(scope), value(scope, e.operand))


def _positive(scope: Scope, e: algebra.Plus1) -> Value:
    return arithmetic(scope, "+", _zero(scope), value(scope, e.operand))


def _zero(scope: Scope) -> Value:
    return Known(scope, Literal(0))


def _arithmetic(scope: Scope, e: algebra.Arithmetic) -> Value:
    return arithmetic(scope, e.op, value(scope, e.left), value(scope, e.right))


def _call(scope: Scope, e: algebra.Call) -> Value:
    if e.name == "BOUND":
        return truth(scope, _bound(scope, e))
    if e.name == "IF":
        return _if(scope, e)
    arguments = [value(scope, a) for a in e.args]
    if e.name == "COALESCE":
        return _coalesce(scope, arguments)
    function = FUNCTIONS.get(e.name)
    if function is None:
        raise NotCompiled(f"function {e.name}")
    return function(scope, *arguments)


def _if(scope: Scope, e: algebra.Call) -> Value:
    test = scope.share(condition(scope, e.args[0], lenient=False))
    then, otherwise = value(scope, e.args[1]), value(scope, e.args[2])
    return Choice(scope, [(test, then), (f"NOT ({test})", otherwise)], nullable=True)


def _coalesce(scope: Scope, values: list[Value]) -> Value:
    arms: list[tuple[str, Value]] = []
    for made in values:
        if not made.nullable:
            return Choice(scope, [*arms, ("true", made)], nullable=False) if arms else made
        arms.append((f"{made.tag} IS NOT NULL", made))
    return Choice(scope, arms, nullable=True) if arms else error(scope)


def _function(scope: Scope, e: algebra.Function) -> Value:
    if len(e.args) != 1:
        raise NotCompiled(f"function {e.iri.value}")
    return cast(scope, e.iri.value, value(scope, e.args[0]))


_CONDITIONS: Mapping[type, Callable[[Scope, Any, bool], str]] = {
    algebra.And: _and,
    algebra.Or: _or,
    algebra.Not: _not,
    algebra.Compare: _compare,
    algebra.In: _in,
    algebra.Exists: _exists,
}
_VALUES: Mapping[type, Callable[[Scope, Any], Value]] = {
    algebra.Var: lambda scope, e: variable(scope, e.name),
    NamedNode: Known,
    Literal: Known,
    algebra.Minus1: _negative,
    algebra.Plus1: _positive,
    algebra.Arithmetic: _arithmetic,
    algebra.Call: _call,
    algebra.Function: _function,
}
