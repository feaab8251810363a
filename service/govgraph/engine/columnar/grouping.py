"""GROUP BY and aggregates (§18.5.1): grouped sums in SQL, then values made of them."""

from __future__ import annotations

from dataclasses import replace

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.aggregates import AGGREGATES, Sums, count_rows
from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.expressions import stored, value
from govgraph.engine.columnar.joins import placed
from govgraph.engine.columnar.modifiers import extended
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.relation import Column, Relation
from govgraph.engine.columnar.scope import Scope


def group(pattern: algebra.Group, active: Active, context: Context) -> Relation:
    """One row for each group: the keys' variables and the aggregates', no others."""
    relation = context.open(context.translate(pattern.pattern, active))
    relation, keys = _keys(pattern, relation, active, context)
    relation = placed(relation, active, context)
    keys += active.hidden
    scope = Scope(relation, active, context)
    made = [_aggregate(scope, aggregate) for _, aggregate in pattern.aggregates]
    summed = _summed(scope, keys, made, context)
    if keys and keys == active.hidden:
        summed = _each_part(summed, active, context)
    names = [var.name for var, _ in pattern.aggregates]
    return placed(_finished(summed, names, made, active, context), active, context)


def _keys(
    pattern: algebra.Group, relation: Relation, active: Active, context: Context
) -> tuple[Relation, list[str]]:
    """The relation with a column for each key."""
    names = []
    for var, expression in pattern.keys:
        names.append(var.name)
        if expression == var:
            if var.name not in relation.columns:
                unbound = Column(context.name(var.name), "CAST(NULL AS BIGINT)", nullable=True)
                relation = relation.with_column(var.name, unbound)
        else:
            relation = extended(relation, var.name, expression, active, context)
    return relation, names


def _aggregate(scope: Scope, aggregate: algebra.Aggregate) -> Sums:
    if aggregate.operand is None:
        return count_rows(scope, aggregate.distinct)
    make = AGGREGATES.get(aggregate.name)
    if make is None:
        raise NotCompiled(f"aggregate {aggregate.name}")
    return make(scope, value(scope, aggregate.operand), aggregate)


def _summed(scope: Scope, keys: list[str], made: list[Sums], context: Context) -> Relation:
    """SELECT keys and raw sums GROUP BY keys, with the sums as hidden columns."""
    raw = {name: sql for sums in made for name, sql in sums.raw.items()}
    base, texts = scope.close(*raw.values())
    shown = base.keep(keys)
    entries = [f"{sql} AS {name}" for name, sql in zip(raw, texts, strict=True)]
    if not keys and not entries:
        return Relation()
    sql = replace(shown, order=()).sql(*entries)
    if keys:
        sql += f" GROUP BY {', '.join(c.sql for c in shown.columns.values())}"
    return context.derive(sql, shown.columns)


def _each_part(summed: Relation, active: Active, context: Context) -> Relation:
    """Without keys each graph, and each outer row, has a group, be it empty."""
    (source,) = summed.sources
    names = ", ".join(summed.columns[v].name for v in active.hidden)
    parts = context.unit(active).keep(active.hidden).sql()
    return context.derive(
        f"SELECT {names}, {source.alias}.* EXCLUDE ({names})"
        f" FROM ({parts}) LEFT JOIN {source.table} {source.alias} USING ({names})",
        summed.columns,
    )


def _finished(
    summed: Relation, names: list[str], made: list[Sums], active: Active, context: Context
) -> Relation:
    """The aggregates' values from the raw sums."""
    if not made:
        return summed
    scope = Scope(summed, active, context)
    alias = summed.sources[0].alias
    columns = []
    for name, sums in zip(names, made, strict=True):
        result = sums.finish(scope, lambda raw: scope.leaf(f"{alias}.{raw}", raw))
        columns.append((name, *stored(result, context.name(name))))
    base, texts = scope.close(*(sql for _, sql, _ in columns))
    for (name, _, column), sql in zip(columns, texts, strict=True):
        base = base.with_column(name, column.at(sql))
    return context.closed(base)
