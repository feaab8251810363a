"""EXISTS (§18.6) as a semi-join.

The specification substitutes the outer row into the pattern. That equals a join where each outer
variable inside is certainly bound by the pattern, or stands only in its outermost filter (then the
outer values are joined in first). In other cases the distinct outer values are put in at every leaf
of the pattern, and their number goes along as a hidden column, as the graph does in GRAPH ?g.
"""

from __future__ import annotations

from dataclasses import replace

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import Active, Context, Given
from govgraph.engine.columnar.expressions import filtered
from govgraph.engine.columnar.fresh import draws
from govgraph.engine.columnar.joins import as_terms, compatible, inner, placed
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.paths import may_be_empty
from govgraph.engine.columnar.relation import GRAPH, OUTER, Column, Relation
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.visibility import certain, mentioned, reachable, tested, walk


def exists(scope: Scope, expression: algebra.Exists) -> str:
    """SQL: the pattern has a solution with the scope's row put in."""
    if draws(expression.pattern):
        raise NotCompiled("EXISTS: a new value for each row inside")
    if _assigned(expression.pattern) & set(scope.relation.columns):
        raise NotCompiled("EXISTS: BIND to an outer variable")  # a value cannot be put in there
    known = len(scope.context.ctes)
    try:
        test = _joined(scope, expression)
    except NotCompiled:
        del scope.context.ctes[known:]
        test = _substituted(scope, expression)
    return f"NOT {test}" if expression.negated else test


def _assigned(pattern: algebra.Pattern) -> set[str]:
    return {node.var.name for node in walk(pattern) if isinstance(node, algebra.Extend)}


def _substituted(scope: Scope, expression: algebra.Exists) -> str:
    outer, context, number = scope.relation, scope.context, scope.context.name(OUTER)
    wanted = reachable(expression.pattern) | {GRAPH}
    shown = outer.keep([v for v in outer.columns if v in wanted])
    rows = f"SELECT *, row_number() OVER () AS {number} FROM ({shown.sql(distinct=True)})"
    table = context.cte(rows)
    given = Given(table, {**shown.columns, OUTER: Column(number, number)})
    found = context.open(context.translate(expression.pattern, replace(scope.active, given=given)))
    found = context.closed(placed(found, replace(scope.active, given=given), context).keep([OUTER]))
    same = [f"d.{c.name} IS NOT DISTINCT FROM {scope.column(v)}" for v, c in shown.columns.items()]
    same.append(f"d.{number}={found.columns[OUTER].sql}")
    (source,) = found.sources
    return (
        f"EXISTS (SELECT 1 FROM {table} d CROSS JOIN {source.table} {source.alias}"
        f" WHERE {' AND '.join(same)})"
    )


def _joined(scope: Scope, expression: algebra.Exists) -> str:
    outer, context = scope.relation, scope.context
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
    return f"EXISTS (SELECT 1{found.body(*tests)})"


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


def _empty_from(node: object, outer: set[str]) -> bool:
    """Whether it is a path that may have length zero, from or to an outer variable."""
    if not isinstance(node, algebra.PathPattern) or not may_be_empty(node.path):
        return False
    return bool(mentioned(node.subject, node.object) & outer)


def _check(pattern: algebra.Pattern, outer: set[str], found: set[str]) -> None:
    """NotCompiled where substitution and join could differ."""
    inside = reachable(pattern) & outer
    if inside - found:
        raise NotCompiled("EXISTS: outer variable out of scope inside")
    if any(names & outer - known for names, known in tested(pattern)):
        raise NotCompiled("EXISTS: outer variable in an inner expression")
    for node in walk(pattern):
        if _empty_from(node, outer):
            raise NotCompiled("EXISTS: path of length zero from an outer value")
        if isinstance(node, algebra.Slice) and inside:
            raise NotCompiled("EXISTS: LIMIT inside")
        if isinstance(node, algebra.Minus):
            own = certain(node.left) & certain(node.right)
            if mentioned(node.right) & outer and not own - outer:
                raise NotCompiled("EXISTS: MINUS by outer variables")
