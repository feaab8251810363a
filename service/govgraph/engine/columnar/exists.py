"""EXISTS (§18.6) as a semi-join.

The specification substitutes the outer row into the pattern. That equals a join where each outer
variable inside is certainly bound by the pattern, or stands only in its outermost filter (then the
outer values are joined in first). Other cases are not compiled.
"""

from __future__ import annotations

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.expressions import filtered
from govgraph.engine.columnar.fresh import draws
from govgraph.engine.columnar.joins import as_terms, compatible, inner
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.relation import GRAPH, Relation
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.visibility import certain, mentioned, reachable, tested, walk


def exists(scope: Scope, expression: algebra.Exists) -> str:
    """SQL: the pattern has a solution compatible with the scope's row."""
    outer, context = scope.relation, scope.context
    if draws(expression.pattern):
        raise NotCompiled("EXISTS: a new value for each row inside")
    found = _pattern(expression.pattern, outer, scope.active, context)
    terms = [v for v in found.columns if v in outer.columns and outer.columns[v].form == "term"]
    found = as_terms(found, terms, context)
    tests = []
    for name, column in found.columns.items():
        if name not in outer.columns:
            continue
        if column.nullable and name != GRAPH:
            raise NotCompiled("EXISTS: outer variable optional inside")
        mine = outer.columns[name]
        if mine.form != column.form:
            raise NotCompiled("EXISTS: computed variable inside")
        tests.append(compatible(mine.at(scope.column(name)), column))
    test = f"EXISTS (SELECT 1{found.body(*tests)})"
    return f"NOT {test}" if expression.negated else test


def _pattern(
    pattern: algebra.Pattern, outer: Relation, active: Active, context: Context
) -> Relation:
    filters = []
    while isinstance(pattern, algebra.Filter):
        filters.append(pattern.condition)
        pattern = pattern.pattern
    found = context.open(context.translate(pattern, active))
    _check(pattern, set(outer.columns), set(found.columns))
    needed = mentioned(*filters) & set(outer.columns)
    needed -= set(found.columns)
    if needed:
        names = [v for v in outer.columns if v in needed or v in found.columns]
        values = context.derive(outer.keep(names).sql(distinct=True), outer.keep(names).columns)
        found = inner(values, found, context)
    for condition in reversed(filters):
        found = filtered(found, condition, active, context)
    return found


def _check(pattern: algebra.Pattern, outer: set[str], found: set[str]) -> None:
    """NotCompiled where substitution and join could differ."""
    inside = reachable(pattern) & outer
    if inside - found:
        raise NotCompiled("EXISTS: outer variable out of scope inside")
    if any(names & outer - known for names, known in tested(pattern)):
        raise NotCompiled("EXISTS: outer variable in an inner expression")
    for node in walk(pattern):
        if isinstance(node, algebra.Slice) and inside:
            raise NotCompiled("EXISTS: LIMIT inside")
        if isinstance(node, algebra.Minus):
            own = certain(node.left) & certain(node.right)
            if mentioned(node.right) & outer and not own - outer:
                raise NotCompiled("EXISTS: MINUS by outer variables")
