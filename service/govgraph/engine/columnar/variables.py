"""The variables of an expression outside of EXISTS and aggregates: which, and others for them."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.algebra import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Exists,
    Expression,
    Function,
    In,
    Or,
    Var,
)


def variables(expression: Expression) -> set[str]:
    """The names of the variables."""
    found: set[str] = set()

    def note(var: Var) -> Var:
        found.add(var.name)
        return var

    substitute(expression, note)
    return found


def substitute(expression: Expression, put: Callable[[Var], Var]) -> Expression:
    """The expression with `put(v)` for each variable v."""

    def each(expressions: tuple[Expression, ...]) -> tuple[Expression, ...]:
        return tuple(substitute(one, put) for one in expressions)

    if isinstance(expression, Var):
        return put(expression)
    if isinstance(expression, NamedNode | Literal | Exists | Aggregate):
        return expression
    if isinstance(expression, Or | And):
        return type(expression)(*each((expression.left, expression.right)))
    if isinstance(expression, Compare | Arithmetic):
        left, right = each((expression.left, expression.right))
        return type(expression)(expression.op, left, right)  # type: ignore[arg-type]
    if isinstance(expression, In):
        operand = substitute(expression.operand, put)
        return In(operand, each(expression.choices), expression.negated)
    if isinstance(expression, Call):
        return Call(expression.name, each(expression.args))
    if isinstance(expression, Function):
        return Function(expression.iri, each(expression.args), expression.distinct)
    return type(expression)(substitute(expression.operand, put))
