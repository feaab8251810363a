"""Property paths (§9.3, §18.4): sequences become triples, `*` and `+` recursive CTEs.

A closure starts from a bound end: a constant, or the values that the other patterns bind. UNION
(not UNION ALL) in the recursion makes it end on cycles and gives each pair once, as the
specification wants it of `*`, `+` and `?`.
"""

from __future__ import annotations

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.joins import inner
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.relation import GRAPH, Column, Relation
from govgraph.engine.columnar.tags import ALL, IRI, LOCAL
from govgraph.engine.columnar.visibility import mentioned, walk

Leaf = algebra.TriplePattern | algebra.PathPattern
Ends = tuple[str | None, str | None]


def steps(pattern: algebra.PathPattern, context: Context) -> list[Leaf]:
    """§18.2.2.4: links, inverses and sequences as triples; what remains is one path each."""
    path = pattern.path
    if isinstance(path, algebra.Link):
        return [algebra.TriplePattern(pattern.subject, path.iri, pattern.object)]
    if isinstance(path, algebra.Inverse):
        turned = algebra.PathPattern(pattern.object, path.path, pattern.subject)
        return steps(turned, context)
    if isinstance(path, algebra.Sequence):
        middle = algebra.Var(context.fresh("_:path"))
        first = algebra.PathPattern(pattern.subject, path.left, middle)
        return steps(first, context) + steps(
            algebra.PathPattern(middle, path.right, pattern.object), context
        )
    return [pattern]


def closure(
    pattern: algebra.PathPattern,
    relation: Relation,
    nodes: set[str],
    active: Active,
    context: Context,
) -> Relation:
    """The relation joined with the pairs of an alternative, a negated set or a repetition.

    `nodes` are variables that the relation binds to subjects or objects of the active graph."""
    _check_given(pattern, active)
    ends: Ends = _constant(pattern.subject, context), _constant(pattern.object, context)
    if isinstance(pattern.path, algebra.Repeat) and ends == (None, None) and not active.every:
        relation, ends = _seeds(pattern, relation, nodes, context)
    sql = _pairs(pattern.path, ends, active, context)
    pairs = _ends(pattern, sql, active, context)
    return inner(relation, pairs, context) if relation.sources else pairs


def _check_given(pattern: algebra.PathPattern, active: Active) -> None:
    """A path of length zero joins a value put in with itself, be it in the graph or not: that
    takes a closure that starts there."""
    given = active.given.columns if active.given else {}
    ends = [given[v] for v in mentioned(pattern.subject, pattern.object) if v in given]
    if not ends or not may_be_empty(pattern.path):
        return
    seeded = isinstance(pattern.path, algebra.Repeat) and not active.every
    if not seeded or any(column.nullable or column.form != "id" for column in ends):
        raise NotCompiled("path of length zero from an outer value")


def may_be_empty(path: algebra.PropertyPath) -> bool:
    """Whether the path holds a part that may have length zero."""
    return any(isinstance(part, algebra.Repeat) and part.zero for part in walk(path))


def _constant(node: algebra.Node, context: Context) -> str | None:
    return None if isinstance(node, algebra.Var) else str(context.id(node))


def _seeds(
    pattern: algebra.PathPattern, relation: Relation, nodes: set[str], context: Context
) -> tuple[Relation, Ends]:
    """The values of an end that the relation binds, as a sub-select to start from."""
    for place, node in enumerate((pattern.subject, pattern.object)):
        if isinstance(node, algebra.Var) and node.name in nodes:
            table = context.cte(relation.sql())
            once = context.derive(f"SELECT * FROM {table}", relation.columns)
            name = relation.columns[node.name].name
            values = f"SELECT DISTINCT {name} FROM {table}"
            return once, (values, None) if place == 0 else (None, values)
    return relation, (None, None)


def _ends(pattern: algebra.PathPattern, sql: str, active: Active, context: Context) -> Relation:
    """The relation of a path's ends from its pairs (s, o[, g])."""
    local = _local(pattern, context)
    where: list[str] = []
    columns: dict[str, Column] = {}
    entries: list[str] = []
    for place, node in (("s", pattern.subject), ("o", pattern.object)):
        if not isinstance(node, algebra.Var):
            where.append(f"{place}={context.id(node)}")
        elif node.name in columns:
            where.append("s=o")
        else:
            columns[node.name] = Column(context.name(node.name), place, tags=ALL | local)
    if active.every:
        columns[GRAPH] = Column(context.name(GRAPH), "g", tags=IRI)
    entries = [f"{column.sql} AS {column.name}" for column in columns.values()]
    conditions = f" WHERE {' AND '.join(where)}" if where else ""
    return context.derive(
        f"SELECT {', '.join(entries) or '1 AS one'} FROM ({sql}){conditions}", columns
    )


def _local(pattern: algebra.PathPattern, context: Context) -> int:
    """A path of length zero gives back its constant, be it in the data or not."""
    nodes = (pattern.subject, pattern.object)
    ids = [context.id(node) for node in nodes if not isinstance(node, algebra.Var)]
    return LOCAL if any(context.is_local(ident) for ident in ids) else 0


def _graph(active: Active, prefix: str = "") -> str:
    return f", {prefix}g" if active.every else ""


def _pairs(path: algebra.PropertyPath, ends: Ends, active: Active, context: Context) -> str:
    """SQL of a path's pairs (s, o[, g]); `ends` may limit them to a start or an end."""
    g = _graph(active)
    if isinstance(path, algebra.Link):
        return _links(f"p={context.id(path.iri)}", active, context)
    if isinstance(path, algebra.Inverse):
        turned = _pairs(path.path, (ends[1], ends[0]), active, context)
        return f"SELECT o AS s, s AS o{g} FROM ({turned})"
    if isinstance(path, algebra.Alternative):
        sides = (_pairs(side, ends, active, context) for side in (path.left, path.right))
        return " UNION ALL ".join(f"(SELECT s, o{g} FROM ({side}))" for side in sides)
    if isinstance(path, algebra.Sequence):
        return _sequence(path, active, context)
    if isinstance(path, algebra.Negated):
        return _negated(path, active, context)
    return _repeated(path, ends, active, context)


def _links(condition: str, active: Active, context: Context) -> str:
    table, conditions = context.triples(active)
    alias = context.fresh()
    where = " AND ".join([f"{alias}.{condition}", *(c.format(alias) for c in conditions)])
    return f"SELECT {alias}.s, {alias}.o{_graph(active, alias + '.')} FROM {table} {alias} WHERE {where}"


def _sequence(path: algebra.Sequence, active: Active, context: Context) -> str:
    left, right = (_pairs(side, (None, None), active, context) for side in (path.left, path.right))
    a, b = context.fresh(), context.fresh()
    same = f" AND {a}.g={b}.g" if active.every else ""
    return (
        f"SELECT {a}.s, {b}.o{_graph(active, a + '.')}"
        f" FROM ({left}) {a} JOIN ({right}) {b} ON {a}.o={b}.s{same}"
    )


def _negated(path: algebra.Negated, active: Active, context: Context) -> str:
    parts = []
    for iris, inverse in ((path.forward, False), (path.inverse, True)):
        if not iris and (inverse or path.inverse):
            continue
        ids = ", ".join(str(context.id(iri)) for iri in iris) or "0"
        links = _links(f"p NOT IN ({ids})", active, context)
        g = _graph(active)
        parts.append(f"SELECT o AS s, s AS o{g} FROM ({links})" if inverse else links)
    return " UNION ALL ".join(f"({part})" for part in parts)


def _repeated(path: algebra.Repeat, ends: Ends, active: Active, context: Context) -> str:
    """`?`, `+` and `*`: each pair once; from the bound end, if there is one."""
    g = _graph(active)
    place = "o" if ends[0] is None and ends[1] is not None else "s"
    start = ends[1] if place == "o" else ends[0]
    seeds = f" WHERE {place} IN ({start})" if start is not None else ""
    if path.many:
        once = _recursion(path.path, place, seeds, active, context)
    else:
        links = _pairs(path.path, (None, None), active, context)
        once = f"SELECT DISTINCT s, o{g} FROM ({links}){seeds}"
    if not path.zero:
        return once
    return f"({once}) UNION ({_zero(start, active, context)})"


def _recursion(
    path: algebra.PropertyPath, place: str, seeds: str, active: Active, context: Context
) -> str:
    g, name = _graph(active), context.fresh("walk")
    links = _pairs(path, (None, None), active, context)
    if not isinstance(path, algebra.Link):
        table = context.fresh("step")
        context.ctes.append(f"{table} AS MATERIALIZED ({links})")
        links = f"SELECT s, o{g} FROM {table}"
    ends = f"{name}.s, e.o" if place == "s" else f"e.s, {name}.o"
    meet = f"e.s={name}.o" if place == "s" else f"e.o={name}.s"
    same = f" AND e.g={name}.g" if active.every else ""
    step = f"SELECT {ends}{_graph(active, name + '.')} FROM {name} JOIN ({links}) e ON {meet}{same}"
    context.ctes.append(f"{name}(s, o{g}) AS (SELECT s, o{g} FROM ({links}){seeds} UNION {step})")
    return f"SELECT s, o{g} FROM {name}"


def _zero(start: str | None, active: Active, context: Context) -> str:
    """Paths of length zero: each node of the graph, or the constant or the seeds themselves."""
    g = _graph(active)
    if start is None:
        links = _links("p IS NOT NULL", active, context)
        return f"SELECT n AS s, n AS o{g} FROM (SELECT s AS n{g} FROM ({links}) UNION SELECT o{g} FROM ({links}))"
    seeded = f"SELECT n AS s, n AS o FROM ({_values(start)})"
    if not active.every:
        return seeded
    return f"SELECT a.s, a.o, b.g FROM ({seeded}) a CROSS JOIN ({context.graphs()}) b"


def _values(start: str) -> str:
    return (
        f"SELECT CAST({start} AS BIGINT) AS n"
        if start.isdigit()
        else f"SELECT * FROM ({start}) v(n)"
    )
