"""Functions whose value is new for each row: RAND, UUID, STRUUID and BNODE (§17.4.2, §17.4.4).

The SQL of a relation may be printed twice and its filters moved, so what is drawn becomes a column
of a table that is computed once (`drawn`). Plans are kept as ever: each run draws anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.computed import Computed, string
from govgraph.engine.columnar.facets import Value
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.strings import simple
from govgraph.engine.columnar.visibility import walk

#: The hidden column that tells solutions apart: BNODE(label) is one node within a solution.
SOLUTION = "#solution"
_ROW = "CAST(uuid() AS VARCHAR)"


def draws(expression: object) -> bool:
    """Whether the expression has a value of its own in each row."""
    return any(isinstance(part, algebra.Call) and part.name in FRESH for part in walk(expression))


def labels(expression: object) -> bool:
    """Whether the expression makes blank nodes by label."""
    calls = (part for part in walk(expression) if isinstance(part, algebra.Call))
    return any(call.name == "BNODE" and call.args for call in calls)


def _rand(scope: Scope) -> Value:
    made = Computed(scope, t.DOUBLE, tag="10", dbl=scope.drawn("random()"))
    made.nullable = False
    return made


def _struuid(scope: Scope) -> Value:
    return string(scope, scope.drawn(_ROW))


def _uuid(scope: Scope) -> Value:
    return string(scope, f"('urn:uuid:' || {scope.drawn(_ROW)})", tag=2)


def _bnode(scope: Scope, label: Value | None = None) -> Value:
    if label is None:
        return string(scope, f"replace({scope.drawn(_ROW)}, '-', '')", tag=1)
    return string(scope, f"md5({solution(scope)} || {simple(label)})", tag=1)


def solution(scope: Scope) -> str:
    """What tells the solution from all others."""
    if SOLUTION in scope.relation.columns:
        return scope.column(SOLUTION)
    return scope.drawn(_ROW, SOLUTION)


FRESH: Mapping[str, Callable[..., Value]] = {
    "RAND": _rand,
    "UUID": _uuid,
    "STRUUID": _struuid,
    "BNODE": _bnode,
}
