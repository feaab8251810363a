"""A query compiled to SQL. OPERATORS says where each operator of the algebra is translated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal as Word

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import EVERYTHING, Dataset, Term
from govgraph.engine.columnar import algebra, bgp, grouping, joins, modifiers
from govgraph.engine.columnar.bindings import substituted
from govgraph.engine.columnar.context import DEFAULT, Columns, Context, Operator, dataset_of
from govgraph.engine.columnar.describe import DESCRIPTION, description
from govgraph.engine.columnar.exists import exists
from govgraph.engine.columnar.relation import Column, Form, Relation
from govgraph.engine.columnar.tags import ALL
from govgraph.engine.columnar.terms import XSD, local_table

OPERATORS: Mapping[type, Operator] = {
    algebra.Bgp: bgp.bgp,
    algebra.PathPattern: bgp.path,
    algebra.Join: bgp.join,
    algebra.LeftJoin: joins.left_join,
    algebra.Union: joins.union,
    algebra.Minus: joins.minus,
    algebra.Graph: modifiers.graph,
    algebra.Filter: modifiers.filter_,
    algebra.Extend: modifiers.extend,
    algebra.Values: modifiers.values,
    algebra.Group: grouping.group,
    algebra.OrderBy: modifiers.order_by,
    algebra.Project: modifiers.project,
    algebra.Distinct: modifiers.distinct,
    algebra.Reduced: modifiers.reduced,
    algebra.Slice: modifiers.slice_,
}

_STRINGS = re.compile(r"'(?:[^']|'')*'")
_CALLS = re.compile(r"\b([a-z_]+)[0-9]*\(")
#: `*` alone is SELECT's and count's; a sign before a digit may be a number's.
_ARITHMETIC = re.compile(
    r"\w\s*[-+/]|[\w)]\s*\*\s*[\w(]|<<|//|\bCAST\((?!NULL |[0-9]|v[0-9]+ AS BIGINT)", re.IGNORECASE
)
#: Functions that give a result, or NULL, for every argument: a plan with no other cannot give up.
_SAFE = frozenset({
    "cast", "coalesce", "contains", "count", "ends_with", "exists", "in", "max", "min", "row_number",
    "starts_with", "values", "walk", "lower", "upper", "len", "any_value", "first", "isnan", "isinf",
    "regexp_matches", "regexp_full_match", "v",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Out:
    """A column of the result: BIGINT ids, or STRUCTs for computed terms, as `decode` takes them."""

    name: str
    form: Form
    nullable: bool
    tags: int


@dataclass(frozen=True)
class Plan:
    """A compiled query.

    `columns` are the columns of the SQL's rows, in order; a CONSTRUCT has those of its template's
    variables, and a DESCRIBE is a CONSTRUCT of all that describes. ASK asks whether there is a row.
    `local` are constants that the data does not have. A plan that `may_give_up` can end in
    NotCompiled in the run, after some rows: its rows are worth nothing before the last of them is
    there. A `volatile` plan holds the moment of compilation and is not to be kept."""

    form: Word["select", "ask", "construct"]
    sql: str
    columns: tuple[Out, ...]
    template: tuple[algebra.TriplePattern, ...]
    local: Mapping[int, algebra.Constant]
    ordered: bool
    volatile: bool
    may_give_up: bool


def compile_query(
    query: algebra.Query,
    columns: Columns,
    dataset: Dataset = EVERYTHING,
    bindings: Mapping[str, Term] | None = None,
) -> Plan:
    """The plan of a query over a release, with values for some variables that SELECT shows.
    NotCompiled if it has no exact translation."""
    context = _context(query, columns, dataset)
    active = substituted(query, bindings, context) if bindings else DEFAULT
    relation = context.translate(query.pattern, active)
    finish = {
        "select": _select,
        "ask": _ask,
        "construct": _construct,
        "describe": _describe,
    }[query.form]
    relation, outs = finish(query, relation, context)
    sql = relation.sql()
    return Plan(
        "construct" if query.form == "describe" else query.form,
        _with(context) + sql,
        outs,
        DESCRIPTION if query.form == "describe" else query.template,
        {ident: term for term, ident in context.local.items()},
        bool(relation.order),
        context.volatile,
        _may_give_up(" ".join([*context.ctes, sql])),
    )


def _may_give_up(sql: str) -> bool:
    """Whether the SQL computes anything that could fail or overflow."""
    text = _STRINGS.sub("''", sql)
    return bool(_ARITHMETIC.search(text)) or not _SAFE.issuperset(_CALLS.findall(text.lower()))


def _context(query: algebra.Query, columns: Columns, dataset: Dataset) -> Context:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    now = Literal(moment, datatype=NamedNode(XSD + "dateTime"))
    context = Context(columns, OPERATORS, exists, now, query.base)
    default, named, context.inference = dataset_of(query, dataset)
    if default is not None:
        context.default = tuple(dict.fromkeys(map(context.id, default)))
        context.named = tuple(dict.fromkeys(map(context.id, named or ())))
    return context


def _with(context: Context) -> str:
    ctes = [local_table(context.local), *context.ctes] if context.local else context.ctes
    return f"WITH RECURSIVE {', '.join(ctes)} " if ctes else ""


def _select(
    query: algebra.Query, relation: Relation, context: Context
) -> tuple[Relation, tuple[Out, ...]]:
    return _shown(relation, [v.name for v in query.vars], context)


def _ask(
    _query: algebra.Query, relation: Relation, context: Context
) -> tuple[Relation, tuple[Out, ...]]:
    return replace(context.open(relation), columns={}, limit=1), ()


def _construct(
    query: algebra.Query, relation: Relation, context: Context
) -> tuple[Relation, tuple[Out, ...]]:
    """The template's variables: distinct rows, unless each row makes blank nodes of its own."""
    nodes = [n for t in query.template for n in (t.subject, t.predicate, t.object)]
    variables = dict.fromkeys(n.name for n in nodes if isinstance(n, algebra.Var))
    wanted = [name for name in variables if not name.startswith("_:") and name in relation.columns]
    if all(not name.startswith("_:") for name in variables):
        plain = context.open(relation).keep(wanted)
        relation = context.derive(plain.sql(distinct=True), plain.columns)
    return _shown(relation, wanted, context)


def _describe(
    query: algebra.Query, relation: Relation, context: Context
) -> tuple[Relation, tuple[Out, ...]]:
    described = description(query, relation, context)
    return described, tuple(
        Out(name, c.form, c.nullable, c.tags & ALL) for name, c in described.columns.items()
    )


def _shown(
    relation: Relation, names: list[str], context: Context
) -> tuple[Relation, tuple[Out, ...]]:
    """The relation of just these columns."""
    unbound = Column("", "CAST(NULL AS BIGINT)", nullable=True)
    columns = {
        name: relation.columns.get(name) or replace(unbound, name=context.name(name))
        for name in names
    }
    relation = replace(relation, columns=columns)
    outs = tuple(Out(name, c.form, c.nullable, c.tags & ALL) for name, c in columns.items())
    return relation, outs
