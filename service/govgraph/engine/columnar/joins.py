"""Join, OPTIONAL, UNION and MINUS (§18.5): compatible rows, with unbound as NULL.

Where both sides certainly bind a shared variable the join is an equality. A side that may leave it
unbound is compatible with anything there: that disjunction is no hash join, so the two cases are
joined apart unless another shared variable is certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.expressions import filtered, variable
from govgraph.engine.columnar.fresh import draws
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.relation import HIDDEN, Column, Relation, Source
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.visibility import mentioned, walk

# -- compatibility -------------------------------------------------------------------------------


def align(a: Relation, b: Relation, context: Context) -> tuple[Relation, Relation]:
    """Both relations with shared variables in one form: computed terms stay STRUCTs."""
    mixed = [v for v in a.columns if v in b.columns and a.columns[v].form != b.columns[v].form]
    return as_terms(a, mixed, context), as_terms(b, mixed, context)


def as_terms(relation: Relation, variables: list[str], context: Context) -> Relation:
    """The relation with these variables as STRUCTs."""
    ids = [v for v in variables if v in relation.columns and relation.columns[v].form == "id"]
    if not ids:
        return relation
    scope = Scope(relation, Active(), context)
    base, texts = scope.close(*(variable(scope, v).term for v in ids))
    changed = {
        v: replace(base.columns[v], sql=sql, form="term") for v, sql in zip(ids, texts, strict=True)
    }
    columns = {v: changed.get(v, column) for v, column in base.columns.items()}
    return context.closed(replace(base, columns=columns))


def shared(a: Relation, b: Relation) -> list[str]:
    return [v for v in a.columns if v in b.columns]


def compatible(a: Column, b: Column) -> str:
    """SQL: the two values are equal, or one of them is unbound."""
    unbound = [f"{side.sql} IS NULL" for side in (a, b) if side.nullable]
    equal = f"{a.sql}={b.sql}"
    return f"({' OR '.join([equal, *unbound])})" if unbound else equal


def certain(a: Relation, b: Relation, variable: str) -> bool:
    return not a.columns[variable].nullable and not b.columns[variable].nullable


def both(a: Column, b: Column) -> Column:
    """The column of a variable that two joined rows share."""
    if not a.nullable:
        tags = a.tags & b.tags if not b.nullable and a.form == "id" else a.tags
        scale = a.scale if a.scale is not None else b.scale
        return replace(a, tags=tags or a.tags, scale=scale)
    if not b.nullable:
        return b
    merged = f"coalesce({a.sql}, {b.sql})"
    scale = a.scale if a.scale == b.scale else None
    return replace(a, sql=merged, tags=a.tags | b.tags, scale=scale)


# -- join ----------------------------------------------------------------------------------------


def inner(a: Relation, b: Relation, context: Context) -> Relation:
    """Join of two open relations."""
    a, b = align(a, b, context)
    common = shared(a, b)
    if common and not any(certain(a, b, v) for v in common):
        return _by_nullness(a, b, common[0], context)
    return _product(a, b, common)


def _product(a: Relation, b: Relation, common: list[str]) -> Relation:
    where = a.where + b.where + tuple(compatible(a.columns[v], b.columns[v]) for v in common)
    columns = {**a.columns, **b.columns}
    columns.update({v: both(a.columns[v], b.columns[v]) for v in common})
    return Relation(a.sources + b.sources, where, columns, {**a.terms, **b.terms})


def _by_nullness(a: Relation, b: Relation, key: str, context: Context) -> Relation:
    """Equal on the key, or unbound on the left, or only on the right: three joins."""
    a, b = context.once(a), context.once(b)
    left, right = a.columns[key], b.columns[key]
    sides = [(_bound(a, left), _bound(b, right))]
    if left.nullable:
        sides.append((_unbound(a, key), b))
    if right.nullable:
        sides.append((_bound(a, left), _unbound(b, key)))
    joined = [_product(x, y, shared(x, y)) for x, y in sides]
    return union_all(joined, context)


def _bound(relation: Relation, column: Column) -> Relation:
    if not column.nullable:
        return relation
    columns = {
        v: replace(c, nullable=False) if c is column else c for v, c in relation.columns.items()
    }
    return replace(relation, columns=columns).filtered(f"{column.sql} IS NOT NULL")


def _unbound(relation: Relation, key: str) -> Relation:
    column = relation.columns[key]
    columns = {v: c for v, c in relation.columns.items() if v != key}
    return replace(relation, columns=columns).filtered(f"{column.sql} IS NULL")


# -- union ---------------------------------------------------------------------------------------


def union(pattern: algebra.Union, active: Active, context: Context) -> Relation:
    sides = []
    for part in (pattern.left, pattern.right):
        side = context.open(context.translate(part, active))
        sides.append(placed(side, active, context))
    return union_all(sides, context)


def placed(relation: Relation, active: Active, context: Context) -> Relation:
    """With the hidden columns, also where the pattern matches no triple, and all given values."""
    given = active.given.columns if active.given else {}
    if any(v not in relation.columns for v in (*active.hidden, *given)):
        return inner(context.unit(active), relation, context)
    return relation


def union_all(sides: list[Relation], context: Context) -> Relation:
    """All rows of all sides; a variable that a side lacks is unbound there."""
    forms = {v: c.form for side in sides for v, c in side.columns.items() if c.form == "term"}
    sides = [as_terms(side, list(forms), context) for side in sides]
    columns: dict[str, Column] = {}
    for side in sides:
        for name, column in side.columns.items():
            columns[name] = _either(columns[name], column) if name in columns else column
    for name, column in columns.items():
        if any(name not in side.columns for side in sides):
            columns[name] = replace(column, nullable=True)
    return context.derive(" UNION ALL ".join(_padded(side, columns) for side in sides), columns)


def _either(a: Column, b: Column) -> Column:
    scale = a.scale if a.scale == b.scale else None
    return replace(a, nullable=a.nullable or b.nullable, tags=a.tags | b.tags, scale=scale)


def _padded(side: Relation, columns: Mapping[str, Column]) -> str:
    shown = {v: side.columns.get(v) or c.at(c.null) for v, c in columns.items()}
    return f"({replace(side, columns=shown).sql()})"


# -- optional ------------------------------------------------------------------------------------


def left_join(pattern: algebra.LeftJoin, active: Active, context: Context) -> Relation:
    """LeftJoin. A condition on the right side alone filters it; others see both sides."""
    a = placed(context.open(context.translate(pattern.left, active)), active, context)
    b = context.open(context.translate(pattern.right, active))
    condition = pattern.condition
    if condition is not None and _within(condition, a, b):
        b, condition = filtered(b, condition, active, context), None
    a, b = align(a, b, context)
    common = shared(a, b)
    if condition is None and all(certain(a, b, v) for v in common):
        return _left(a, b, common, context)
    return _matched_or_not(a, b, condition, active, context)


def _within(condition: algebra.Expression, a: Relation, b: Relation) -> bool:
    """Whether each variable of the condition means the same on the right side alone."""
    if draws(condition) or any(isinstance(part, algebra.Exists) for part in walk(condition)):
        return False
    return all(
        name not in a.columns or (name in b.columns and not b.columns[name].nullable)
        for name in mentioned(condition)
    )


def _left(a: Relation, b: Relation, common: list[str], context: Context) -> Relation:
    right = context.closed(b)
    (source,) = right.sources
    on = [compatible(a.columns[v], right.columns[v]) for v in common]
    optional = Source(source.table, source.alias, " AND ".join(on) or "true")
    new = {v: replace(c, nullable=True) for v, c in right.columns.items() if v not in a.columns}
    if not a.sources:
        a = replace(a, sources=(Source("(SELECT 1)", context.fresh()),))
    return replace(a, sources=(*a.sources, optional), columns={**a.columns, **new})


def _matched_or_not(
    a: Relation,
    b: Relation,
    condition: algebra.Expression | None,
    active: Active,
    context: Context,
) -> Relation:
    """Left rows numbered; those joined and passed by the condition, and those whose number is
    not among them."""
    row = f"#{context.fresh('row')}"
    number = Column(context.name(row), "")
    left = context.cte(a.sql(f"row_number() OVER () AS {number.name}"))
    numbered = context.derive(f"SELECT * FROM {left}", {**a.columns, row: number})
    joined = inner(numbered, b, context)
    if condition is not None:
        joined = filtered(joined, condition, active, context)
    matched = context.cte(joined.sql())
    found = context.derive(f"SELECT * FROM {matched}", joined.columns)
    rest = numbered.filtered(
        f"{numbered.columns[row].sql} NOT IN (SELECT {number.name} FROM {matched})"
    )
    sides = [side.keep([v for v in side.columns if v != row]) for side in (found, rest)]
    return union_all(sides, context)


# -- minus ---------------------------------------------------------------------------------------


def _own(pattern: algebra.Minus, a: Relation, b: Relation, active: Active) -> list[str]:
    """The variables that both sides share. One that a value was put in for is none by the letter of
    §18.6, but is to most engines: not compiled where that makes a difference."""
    given = active.given.columns if active.given else {}
    real = [v for v in shared(a, b) if v not in HIDDEN and v not in given]
    outer = mentioned(pattern.right) & given.keys()
    sure = any(certain(a, b, v) for v in real)
    if outer and (not sure or any(given[v].nullable for v in outer)):
        raise NotCompiled("MINUS by outer variables")
    return real


def minus(pattern: algebra.Minus, active: Active, context: Context) -> Relation:
    """The left rows for which no right row is compatible and shares a bound variable."""
    a = placed(context.open(context.translate(pattern.left, active)), active, context)
    b = context.open(context.translate(pattern.right, active))
    a, b = align(a, b, context)
    common = shared(a, b)
    real = _own(pattern, a, b, active)
    if not real:
        return a
    tests = [compatible(a.columns[v], b.columns[v]) for v in common]
    if not any(certain(a, b, v) for v in real):
        bound = (
            f"({a.columns[v].sql} IS NOT NULL AND {b.columns[v].sql} IS NOT NULL)" for v in real
        )
        tests.append(f"({' OR '.join(bound)})")
    return a.filtered(f"NOT EXISTS (SELECT 1{b.body(*tests)})")
