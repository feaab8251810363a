"""FILTER, BIND, VALUES, GRAPH, projection and the solution modifiers (§18.2.4, §18.2.5)."""

from __future__ import annotations

from dataclasses import replace

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.expressions import filtered, stored, value
from govgraph.engine.columnar.fresh import SOLUTION, draws, labels
from govgraph.engine.columnar.joins import compatible, placed
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.order import order_keys
from govgraph.engine.columnar.relation import GRAPH, HIDDEN, Column, Relation
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.tags import ALL, IRI, LOCAL
from govgraph.engine.columnar.visibility import walk


def filter_(pattern: algebra.Filter, active: Active, context: Context) -> Relation:
    relation = context.open(context.translate(pattern.pattern, active))
    return filtered(relation, pattern.condition, active, context)


def extend(pattern: algebra.Extend, active: Active, context: Context) -> Relation:
    """BIND, a chain of them at once: BNODE(label) is one node in all of them."""
    chain = [pattern]
    while isinstance(chain[-1].pattern, algebra.Extend):
        chain.append(chain[-1].pattern)
    relation = context.open(context.translate(chain[-1].pattern, active))
    if any(labels(step.expression) for step in chain):
        told_apart = Column(context.name(SOLUTION), "CAST(uuid() AS VARCHAR)")
        relation = context.once(relation.with_column(SOLUTION, told_apart))
    for step in reversed(chain):
        relation = extended(relation, step.var.name, step.expression, active, context)
    return relation.keep([v for v in relation.columns if v != SOLUTION])


def extended(
    relation: Relation, name: str, expression: algebra.Expression, active: Active, context: Context
) -> Relation:
    """The relation with one more variable; an error leaves it unbound."""
    if name in relation.columns:
        raise NotCompiled("BIND of a variable that is bound")
    scope = Scope(relation, active, context)
    made = value(scope, expression)
    sql, column = stored(made, context.name(name))
    base, (sql,) = scope.close(sql)
    result = base.with_column(name, column.at(sql))
    if draws(expression):
        return context.once(result)
    simple = isinstance(expression, algebra.Var | algebra.Constant)
    return result if simple else context.closed(result)


def values(pattern: algebra.Values, active: Active, context: Context) -> Relation:
    """Inline data as a table of ids."""
    if not pattern.vars:
        rows = ", ".join("(1)" for _ in pattern.rows)
        empty = "SELECT 1 AS one WHERE false"
        return context.derive(f"SELECT * FROM (VALUES {rows})" if rows else empty, {})
    ids = [[None if term is None else context.id(term) for term in row] for row in pattern.rows]
    columns = {
        var.name: _values_column(context.name(var.name), [row[i] for row in ids], context)
        for i, var in enumerate(pattern.vars)
    }
    names = ", ".join(f"CAST(v{i} AS BIGINT) AS {c.name}" for i, c in enumerate(columns.values()))
    rows = ", ".join(f"({', '.join('NULL' if x is None else str(x) for x in row)})" for row in ids)
    heads = ", ".join(f"v{i}" for i in range(len(pattern.vars)))
    nothing = f"({', '.join('NULL' for _ in pattern.vars)})"
    table = f"(VALUES {rows or nothing}) v({heads})"
    data = context.derive(f"SELECT {names} FROM {table}{'' if rows else ' WHERE false'}", columns)
    return placed(data, active, context)


def _values_column(name: str, ids: list[int | None], context: Context) -> Column:
    known = [ident for ident in ids if ident is not None]
    tags = 0
    for ident in known:
        tags |= 1 << (ident >> 56)
    local = LOCAL if any(context.is_local(ident) for ident in known) else 0
    return Column(name, "", nullable=len(known) < len(ids), tags=(tags or ALL) | local)


def graph(pattern: algebra.Graph, active: Active, context: Context) -> Relation:
    """GRAPH: one named graph, or each in turn with the hidden column bound to ?g at the end."""
    name = pattern.name
    if not isinstance(name, algebra.Var):
        return _known_graph(pattern, context.id(name), active, context)
    every = Active(every=True, given=active.given)
    relation = placed(context.open(context.translate(pattern.pattern, every)), every, context)
    hidden = relation.columns[GRAPH]
    columns = {v: c for v, c in relation.columns.items() if v != GRAPH}
    mine = columns.get(name.name)
    if mine is not None:
        if mine.form != "id":
            raise NotCompiled("GRAPH with a computed name")
        relation = relation.filtered(compatible(mine, hidden))
    column = replace(hidden, name=context.name(name.name), tags=IRI)
    return replace(relation, columns={**columns, name.name: column})


def _known_graph(pattern: algebra.Graph, ident: int, active: Active, context: Context) -> Relation:
    """Without such a graph there is no solution, not even of patterns without triples."""
    inside = Active(graph=ident, given=active.given)
    relation = context.open(context.translate(pattern.pattern, inside))
    return relation.filtered(f"{ident} IN ({context.graphs()})")


def project(pattern: algebra.Project, active: Active, context: Context) -> Relation:
    names = [v.name for v in pattern.vars]
    inside = active
    if active.given is not None:
        inside = replace(active, given=active.given.only(set(names)))
    relation = context.translate(pattern.pattern, inside)
    if relation.cut or (not relation.order and _closes(pattern)):
        relation = context.closed(relation)
    names += [v for v in HIDDEN if v in relation.columns]
    columns = {
        name: relation.columns.get(name)
        or Column(context.name(name), "CAST(NULL AS BIGINT)", nullable=True)
        for name in names
    }
    shown = replace(relation, columns=columns)
    if inside.given == active.given:
        return shown
    return placed(context.open(shown), active, context)


def _closes(pattern: algebra.Project) -> bool:
    """A sub-select with a closure stays one: how many rows a recursion gives is beyond the guesses
    by which DuckDB orders joins, and in one flat list it may join all but the closure first."""
    return any(isinstance(part, algebra.Repeat) for part in walk(pattern.pattern))


def distinct(pattern: algebra.Distinct, active: Active, context: Context) -> Relation:
    """Distinct rows; an order inside stays: each row stands where it stood first."""
    relation = context.translate(pattern.pattern, active)
    if not relation.order or relation.cut:
        plain = context.open(relation)
        return context.derive(plain.sql(distinct=True), plain.columns)
    place, keys = context.fresh("n"), [context.fresh("k") for _ in relation.order]
    values = [f"{sql} AS {name}" for name, (sql, _) in zip(keys, relation.order, strict=True)]
    ways = [f"{name}{way}" for name, (_, way) in zip(keys, relation.order, strict=True)]
    keyed = context.derive(replace(relation, order=()).sql(*values), relation.columns)
    number = f"row_number() OVER (ORDER BY {', '.join(ways)}) AS {place}"
    numbered = context.derive(keyed.sql(number), relation.columns)
    alias = numbered.sources[0].alias
    names = [c.sql for c in numbered.columns.values()]
    grouped = (
        numbered.sql(f"min({alias}.{place}) AS {place}") + f" GROUP BY {', '.join(names) or '1'}"
    )
    result = context.derive(grouped, relation.columns)
    return replace(result, order=((f"{result.sources[0].alias}.{place}", ""),))


def reduced(pattern: algebra.Reduced, active: Active, context: Context) -> Relation:
    """All rows: one of the answers that REDUCED permits."""
    return context.translate(pattern.pattern, active)


def order_by(pattern: algebra.OrderBy, active: Active, context: Context) -> Relation:
    relation = context.open(context.translate(pattern.pattern, active))
    scope = Scope(relation, active, context)
    keys: list[str] = []
    ways: list[str] = []
    for expression, descending in pattern.keys:
        own = order_keys(value(scope, expression))
        keys += own
        ways += [" DESC NULLS LAST" if descending else " ASC NULLS FIRST"] * len(own)
    base, texts = scope.close(*keys)
    return replace(base, order=tuple(zip(texts, ways, strict=True)))


def slice_(pattern: algebra.Slice, active: Active, context: Context) -> Relation:
    relation = context.translate(pattern.pattern, active)
    relation = context.closed(relation) if relation.cut else relation
    if active.hidden:
        return _slice_each(pattern, placed_in_order(relation, active, context), active, context)
    return replace(relation, offset=pattern.offset, limit=pattern.limit)


def _slice_each(
    pattern: algebra.Slice, relation: Relation, active: Active, context: Context
) -> Relation:
    """LIMIT and OFFSET in each graph, or for each outer row: by numbers, which keep the order."""
    place = f"#{context.fresh('place')}"
    parts = ", ".join(relation.columns[v].sql for v in active.hidden)
    keys = ", ".join(key + way for key, way in relation.order)
    order = f" ORDER BY {keys}" if keys else ""
    column = Column(context.name(place), f"row_number() OVER (PARTITION BY {parts}{order})")
    numbered = context.closed(replace(relation.with_column(place, column), order=()))
    number = numbered.columns[place].sql
    tests = [f"{number}>{pattern.offset}"]
    if pattern.limit is not None:
        tests.append(f"{number}<={pattern.offset + pattern.limit}")
    kept = numbered.filtered(*tests).keep([v for v in numbered.columns if v != place])
    return replace(kept, order=((number, ""),) if relation.order else ())


def placed_in_order(relation: Relation, active: Active, context: Context) -> Relation:
    """A relation with its hidden columns; only one without them has its order given up."""
    if all(v in relation.columns for v in active.hidden):
        return relation
    return placed(context.open(relation), active, context)
