"""DESCRIBE (§16.4), which the specification leaves open: the same triples as Oxigraph gives.

Those are the triples whose subject is a described node, and of blank nodes that are their objects,
and so on: the concise bounded description. Without a solution nothing is described, not even the
constants.
"""

from __future__ import annotations

from collections.abc import Iterator

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import DEFAULT, Context
from govgraph.engine.columnar.relation import Column, Relation
from govgraph.engine.columnar.tags import ALL, IRI, RESOURCE

_PLACES = ("s", "p", "o")
#: What a DESCRIBE constructs from its rows.
DESCRIPTION = (algebra.TriplePattern(*(algebra.Var(place) for place in _PLACES)),)


def description(query: algebra.Query, relation: Relation, context: Context) -> Relation:
    """The triples (s, p, o) that describe the nodes of the query."""
    solutions = context.once(context.open(relation))
    nodes = " UNION ".join(_nodes(query, solutions, context)) or "SELECT CAST(NULL AS BIGINT) AS n"
    table, conditions = context.triples(DEFAULT)
    tests = [condition.format("t") for condition in conditions]
    step = " AND ".join(["t.s=walk.n", "(t.o >> 56)=1", *tests])
    walk = context.fresh("walk")
    context.ctes.append(
        f"{walk}(n) AS (({nodes}) UNION"
        f" SELECT t.o FROM {walk} walk CROSS JOIN {table} t WHERE {step})"
    )
    where = " AND ".join([f"t.s IN (SELECT n FROM {walk})", *tests])
    masks = dict(zip(_PLACES, (RESOURCE, IRI, ALL), strict=True))
    columns = {p: Column(context.name(p), f"t.{p}", tags=mask) for p, mask in masks.items()}
    entries = ", ".join(f"{column.sql} AS {column.name}" for column in columns.values())
    return context.derive(f"SELECT {entries} FROM {table} t WHERE {where}", columns)


def _nodes(query: algebra.Query, solutions: Relation, context: Context) -> Iterator[str]:
    """SELECTs of the ids to describe; a computed IRI has one if the data knows it."""
    for node in query.describe:
        if not isinstance(node, algebra.Var):
            yield solutions.keep([]).sql(f"CAST({context.id(node)} AS BIGINT) AS n")
            continue
        column = solutions.columns.get(node.name)
        if column is not None and column.form == "id":
            yield solutions.keep([]).sql(f"{column.sql} AS n")
        elif column is not None:
            same = f"k.lex=struct_extract({column.sql}, 'lex') AND (k.id >> 56)=2"
            computed = solutions.filtered(f"struct_extract({column.sql}, 'tag')=2").body()
            yield f"SELECT k.id AS n{computed.replace(' WHERE ', ' CROSS JOIN term k WHERE ')} AND {same}"
