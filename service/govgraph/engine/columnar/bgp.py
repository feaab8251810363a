"""Basic graph patterns and joins of them with paths: one flat FROM list (§18.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.joins import inner
from govgraph.engine.columnar.paths import closure, steps
from govgraph.engine.columnar.relation import GRAPH, Column, Relation, Source
from govgraph.engine.columnar.tags import ALL, IRI, RESOURCE

Leaf = algebra.TriplePattern | algebra.PathPattern


def bgp(pattern: algebra.Bgp, active: Active, context: Context) -> Relation:
    return (
        conjunction(pattern.triples, active, context) if pattern.triples else context.unit(active)
    )


def path(pattern: algebra.PathPattern, active: Active, context: Context) -> Relation:
    return conjunction((pattern,), active, context)


def join(pattern: algebra.Join, active: Active, context: Context) -> Relation:
    """Join: the triples and paths of all its basic graph patterns together, then the others."""
    leaves: list[Leaf] = []
    others: list[algebra.Pattern] = []
    for part in _parts(pattern):
        if isinstance(part, algebra.Bgp):
            leaves += part.triples
        elif isinstance(part, algebra.PathPattern):
            leaves.append(part)
        else:
            others.append(part)
    relation = conjunction(tuple(leaves), active, context) if leaves else None
    for other in others:
        right = context.open(context.translate(other, active))
        relation = right if relation is None else inner(relation, right, context)
    return relation or context.unit(active)


def _parts(pattern: algebra.Pattern) -> Iterator[algebra.Pattern]:
    if isinstance(pattern, algebra.Join):
        yield from _parts(pattern.left)
        yield from _parts(pattern.right)
    else:
        yield pattern


def conjunction(leaves: tuple[Leaf, ...], active: Active, context: Context) -> Relation:
    """All of them hold: triples first, then closures, each from what is bound already."""
    simple: list[Leaf] = []
    for leaf in leaves:
        simple += steps(leaf, context) if isinstance(leaf, algebra.PathPattern) else [leaf]
    triples = [leaf for leaf in simple if isinstance(leaf, algebra.TriplePattern)]
    nodes = {x.name for t in triples for x in (t.subject, t.object) if isinstance(x, algebra.Var)}
    relation = _triples(triples, active, context)
    if active.given is not None:
        given = context.given(active)
        nodes |= {v for v, c in given.columns.items() if c.form == "id" and not c.nullable}
        relation = inner(given, relation, context) if triples else given
    for leaf in simple:
        if isinstance(leaf, algebra.PathPattern):
            relation = closure(leaf, relation, nodes, active, context)
    return replace(
        relation,
        columns={v: c for v, c in relation.columns.items() if not v.startswith("_:path")},
    )


def _triples(triples: list[algebra.TriplePattern], active: Active, context: Context) -> Relation:
    """One table for each triple, equalities for constants and repeated variables."""
    sources: list[Source] = []
    where: list[str] = []
    columns: dict[str, Column] = {}

    def meet(variable: str, sql: str, tags: int, scale: int | None = None) -> None:
        known = columns.get(variable)
        if known is None:
            columns[variable] = Column(context.name(variable), sql, tags=tags, scale=scale)
            return
        where.append(f"{sql}={known.sql}")
        both = known.tags & tags or known.tags
        columns[variable] = replace(
            known, tags=both, scale=known.scale if known.scale is not None else scale
        )

    for triple in triples:
        alias = context.fresh()
        table, conditions = context.triples(active, not isinstance(triple.object, algebra.Var))
        sources.append(Source(table, alias))
        where += [condition.format(alias) for condition in conditions]
        tags, scale = _objects(triple.predicate, context)
        kinds = (
            ("s", _subjects(triple.predicate, context), None),
            ("p", IRI, None),
            ("o", tags, scale),
        )
        for (position, mask, digits), node in zip(
            kinds, (triple.subject, triple.predicate, triple.object), strict=True
        ):
            if isinstance(node, algebra.Var):
                meet(node.name, f"{alias}.{position}", mask, digits)
            else:
                where.append(f"{alias}.{position}={context.id(node)}")
        if active.every:
            meet(GRAPH, f"{alias}.g", IRI)
    return Relation(tuple(sources), tuple(where), columns)


def _subjects(predicate: algebra.Node, context: Context) -> int:
    """Tags of a predicate's subjects."""
    if isinstance(predicate, algebra.Var):
        return RESOURCE
    return context.columns.subject_tags_of(context.id(predicate)) or RESOURCE


def _objects(predicate: algebra.Node, context: Context) -> tuple[int, int | None]:
    """Tags and decimal scale of a predicate's objects."""
    if isinstance(predicate, algebra.Var):
        return ALL, None
    ident = context.id(predicate)
    return context.columns.tags_of(ident) or ALL, context.columns.scale_of(ident)
